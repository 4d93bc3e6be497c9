/** The thread that kills its process when the event loop of the main thread stands still. */
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { LoopWatch } from './loop-watch.ts';

const lookMs = 500;
const stderr = 2;
const { beats, stillMs } = workerData as LoopWatch;
let last = Atomics.load(beats, 0);
/** Own looks without a beat, not time: a process that was frozen as a whole has missed both. */
let looks = 0;

setInterval(() => {
  const now = Atomics.load(beats, 0);
  looks = now === last ? looks + 1 : 0;
  last = now;
  if (looks * lookMs < stillMs) return;
  const msg = `A handler has computed for ${stillMs} ms without a pause; this process is ended, its jobs run elsewhere`;
  writeSync(stderr, `${JSON.stringify({ level: 'fatal', time: new Date().toISOString(), pid: process.pid, msg })}\n`);
  process.kill(process.pid, 'SIGKILL');
}, lookMs);
