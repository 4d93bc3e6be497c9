/**
 * The process in which isolated handlers run, started by a worker and ended by it. It loads the app module, keeps a small
 * pool of connections to PostgreSQL for `ctx.settle`, and leaves brokers to the worker.
 */
import { loadAppInChild } from '../../src/app-file.ts';
import type { Config } from '../../src/config.ts';
import type { Publication } from '../../src/contract/index.ts';
import { threadBeside } from '../script.ts';
import { packError } from './errors.ts';
import type { FromChild, ToChild } from './protocol.ts';
import { type Relay, relayLane } from './relay-lane.ts';
import { serve } from './serve.ts';

const waiting = new Map<number, (publication: Publication) => void>();
let calls = 0;

const tell = (message: FromChild) => void process.send?.(message);
const relay: Relay = (lane, queue, envelopes) =>
  new Promise((resolve) => {
    calls += 1;
    waiting.set(calls, resolve);
    tell({ kind: 'publish', call: calls, lane, queue, envelopes });
  });

let serving: ((message: ToChild) => void) | undefined;

process.on('message', (message: ToChild) => {
  if (message.kind === 'start') void start(message);
  else if (message.kind === 'published') waiting.get(message.call)?.(message.publication);
  else serving?.(message);
});

async function start({ app, config, worker }: Extract<ToChild, { kind: 'start' }>): Promise<void> {
  try {
    const lanes = { realtime: relayLane('realtime', relay), bulk: relayLane('bulk', relay) };
    const twolane = await loadAppInChild(app, config as Config, { lanes });
    serving = serve({ ...twolane.isolated(), worker, tell });
    tell({ kind: 'ready' });
  } catch (thrown) {
    tell({ kind: 'broken', ...packError(thrown) });
  }
}

// Whoever stops the worker may signal its whole group: the worker drains, and this process ends when it says so.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
const [, , workerPid, mark] = process.argv;
threadBeside(import.meta.url, 'guard', { workerPid, mark });
