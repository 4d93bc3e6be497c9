/** The processes of the fleet, with what each of their consumers says of itself; what they run; and the wish that one drains. */
import {
  type ConsumerHealth,
  type Queryable,
  type QueuePath,
  TwolaneError,
  type WorkerJob,
  type WorkerStatus,
} from '../contract/index.ts';

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
  drain_at: Date | null;
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
    drainRequestedAt: row.drain_at?.toISOString() ?? null,
  };
}

function healthOf(row: Row, queue: QueuePath): ConsumerHealth {
  const sinceBeat = Math.max(0, Math.round(row.silent_ms));
  const known = row.consumers[queue] ?? { silentMs: 0, late: null, rebuilds: 0 };
  const frozen = sinceBeat > silentMs ? `its process was not heard of for ${(sinceBeat / 1_000).toFixed(1)} s` : null;
  return { ...known, silentMs: known.silentMs + sinceBeat, late: frozen ?? known.late };
}

interface JobRow extends Omit<WorkerJob, 'startedAt'> {
  worker: number;
  startedAt: Date;
}

const mostJobs = 20;

/** Reads what the brokers hold or gave out, which a window bounds, never the backlog. */
export async function readWorkerJobs(database: Queryable): Promise<Record<string, WorkerJob[]>> {
  const { rows } = await database.query<JobRow>(
    `select worker, id, type, queue, attempt, started_at as "startedAt" from (
       select l.worker, l.id, l.type, l.queue, l.attempt, l.started_at,
         row_number() over (partition by l.worker order by l.started_at, l.id) as n
       from twolane.live l where l.dispatched_at is not null and l.state = 'running') r
     where n <= $1 order by worker, n`,
    [mostJobs],
  );
  const jobs: Record<string, WorkerJob[]> = {};
  for (const { worker, startedAt, ...job } of rows) {
    jobs[worker] ??= [];
    jobs[worker].push({ ...job, startedAt: startedAt.toISOString() });
  }
  return jobs;
}

export async function drainWorker(database: Queryable, id: string): Promise<void> {
  const { rowCount } = await database.query(
    'update twolane.sessions set drain_at = coalesce(drain_at, now()) where id = $1',
    [id],
  );
  if (rowCount === 0) throw new TwolaneError('not_found', `There is no worker ${id}; it may have ended already`);
}
