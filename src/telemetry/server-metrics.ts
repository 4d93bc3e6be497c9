/** The three servers and the room of the files, for Prometheus: what fills up before anything else is seen to be wrong. */
import { Gauge, type Registry } from 'prom-client';
import type { FileStore } from '../contract/file-store.ts';
import type { Lane, LaneHealth } from '../contract/lane.ts';
import type { DatabaseFacts } from '../contract/operations.ts';

export interface Servers {
  database: DatabaseFacts;
  lanes: (LaneHealth & { lane: string })[];
  /** Where files are; null where the store has no such number. */
  filesFreeBytes: number | null;
}

export interface ServersSource {
  operations: { databaseFacts(): Promise<DatabaseFacts> };
  lanes: readonly Lane[];
  files: Pick<FileStore, 'freeBytes'>;
}

export async function readServers({ operations, lanes, files }: ServersSource): Promise<Servers> {
  const [database, health, free] = await Promise.all([
    operations.databaseFacts(),
    Promise.all(lanes.map(async (lane) => ({ lane: lane.name, ...(await lane.health()) }))),
    files.freeBytes(),
  ]);
  return { database, lanes: health, filesFreeBytes: free ?? null };
}

export function serverMetrics(registry: Registry) {
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `twolane_${name}`, help, labelNames, registers: [registry] });
  const database = gauge('database_bytes', 'Of the database on its disk.');
  const wal = gauge('database_wal_bytes', 'Of the write-ahead log; only where the user may ask (pg_monitor).');
  const up = gauge('broker_up', '1 while the broker of the lane answers.', ['lane']);
  const memory = gauge('broker_memory_bytes', 'What the broker uses.', ['lane']);
  const used = gauge('broker_disk_bytes', 'What the broker keeps on its disk: the append-only file of Redis.', [
    'lane',
  ]);
  const free = gauge('broker_disk_free_bytes', 'Room on its disk; of RabbitMQ with its management API.', ['lane']);
  const files = gauge('files_free_bytes', 'Room where files are.');
  return ({ servers }: { servers: Servers }) => {
    for (const metric of [up, memory, used, free]) metric.reset();
    database.set(servers.database.bytes);
    if (servers.database.walBytes !== null) wal.set(servers.database.walBytes);
    if (servers.filesFreeBytes !== null) files.set(servers.filesFreeBytes);
    for (const { lane, up: answers, memory: taken, disk } of servers.lanes) {
      up.set({ lane }, Number(answers));
      if (taken) memory.set({ lane }, taken.used);
      if (disk && disk.used !== null) used.set({ lane }, disk.used);
      if (disk && disk.free !== null) free.set({ lane }, disk.free);
    }
  };
}
