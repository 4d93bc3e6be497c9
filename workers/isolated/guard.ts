/** A thread of a child process that ends it, with all it started, when its worker is gone: also when a handler never pauses. */
import { workerData } from 'node:worker_threads';
import { killTree } from './process-tree.ts';

const lookEveryMs = 250;
const { workerPid, mark } = workerData as { workerPid: string; mark: string };

setInterval(() => {
  if (process.ppid !== Number(workerPid)) killTree(process.pid, mark);
}, lookEveryMs);
