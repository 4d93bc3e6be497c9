/** What a piece of the benchmark takes from the machine: CPU of everything that has a part in it, memory of the workers. */
import { proportionalBytes, treeOf } from './processes.ts';
import { listenerOf } from './servers.ts';

export interface Used {
  /** Of clients, workers and servers together; NaN when a server is not on this machine. */
  cpuMs: number;
  /** The most that the workers took together. */
  workerBytes: number;
}

const lookEveryMs = 250;
const mib = 1024 ** 2;
export const toMib = (bytes: number): number => bytes / mib;

/** @param servers URLs; those that take no part cost nothing @param workers ids of the processes to watch, with all below them */
export async function measureUsage(
  servers: readonly string[],
  workers: readonly number[],
  work: () => Promise<void>,
): Promise<Used> {
  const roots = [process.pid, ...servers.map(listenerOf)];
  const known = roots.filter((pid) => pid !== undefined);
  const cpu = () => (known.length < roots.length ? Number.NaN : sum(treeOf(known).map(({ cpuMs }) => cpuMs)));
  let workerBytes = 0;
  const look = () => {
    const pids = treeOf(workers).map(({ pid }) => pid);
    workerBytes = Math.max(workerBytes, sum(pids.map((pid) => proportionalBytes(pid) ?? 0)));
  };
  const before = cpu();
  const timer = setInterval(look, lookEveryMs);
  try {
    await work();
    look();
    return { cpuMs: cpu() - before, workerBytes };
  } finally {
    clearInterval(timer);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
