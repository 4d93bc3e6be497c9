/** The processes of the fleet, with what each of their consumers says of itself. */
import type { ConsumerHealth, Queryable, QueuePath, WorkerStatus } from '../contract/index.ts';

/** A process is heard of every second; one that was silent for longer does not consume either. */
const silentMs = 5_000;

interface Row {
  id: number;
  host: string;
  pid: number;
  role: string;
  version: string;
  started_at: Date;
  heartbeat_at: Date;
  queues: { queue: QueuePath; concurrency: number }[];
  consumers: Record<QueuePath, ConsumerHealth>;
  knows: Record<string, number>;
  running: number;
  memory_bytes: string;
  draining: boolean;
  /** Since the last heartbeat, by the clock of the database. */
  silent_ms: number;
}

export async function readWorkers(database: Queryable): Promise<WorkerStatus[]> {
  const { rows } = await database.query<Row>(
    `select *, (extract(epoch from clock_timestamp() - heartbeat_at) * 1000)::float8 as silent_ms
     from twolane.sessions order by host, pid`,
  );
  return rows.map(toStatus);
}

function toStatus(row: Row): WorkerStatus {
  return {
    id: String(row.id),
    host: row.host,
    pid: row.pid,
    role: row.role,
    version: row.version,
    startedAt: row.started_at.toISOString(),
    heartbeatAt: row.heartbeat_at.toISOString(),
    queues: row.queues.map(({ queue, concurrency }) => ({ queue, concurrency, ...healthOf(row, queue) })),
    knows: row.knows,
    running: row.running,
    memoryBytes: Number(row.memory_bytes),
    draining: row.draining,
  };
}

function healthOf(row: Row, queue: QueuePath): ConsumerHealth {
  const sinceBeat = Math.max(0, Math.round(row.silent_ms));
  const known = row.consumers[queue] ?? { silentMs: 0, late: null, rebuilds: 0 };
  const frozen = sinceBeat > silentMs ? `its process was not heard of for ${(sinceBeat / 1_000).toFixed(1)} s` : null;
  return { ...known, silentMs: known.silentMs + sinceBeat, late: frozen ?? known.late };
}
