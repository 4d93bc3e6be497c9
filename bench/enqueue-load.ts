/** The loads that an enqueuing process can make. */
import { chord, type EnqueueOptions, job } from '../src/contract/index.ts';
import type { Twolane } from '../src/twolane.ts';
import { atRate } from './at-rate.ts';
import { type BenchType, benchJobs, nowMs } from './jobs.ts';

export interface Load {
  type: BenchType;
  jobs: number;
  /**
   * `together`: this many calls are under way at once. `bulk`: calls of this many jobs. `rate`: this many a second. `flows`:
   * flows of this many jobs, 50 at once, each with one job that waits for all the others.
   */
  how: { together: number } | { bulk: number } | { rate: number } | { flows: number };
  /** Spreads the jobs over this many keys. */
  keys?: number;
  /** Spreads the jobs over this many tenants. */
  tenants?: number;
  options?: EnqueueOptions;
  /** An idempotency key on every job. */
  idempotent?: boolean;
}

/** Makes the load; answers when it began and ended, milliseconds since 1970. */
export async function enqueueLoad(twolane: Twolane, load: Load): Promise<{ startedAt: number; endedAt: number }> {
  const startedAt = nowMs();
  if ('together' in load.how) await together(twolane, load, load.how.together);
  else if ('bulk' in load.how) await inBulk(twolane, load, load.how.bulk);
  else if ('flows' in load.how) await inFlows(twolane, load, load.how.flows);
  else await atRate(load.how.rate, load.jobs, (n) => enqueueOne(twolane, load, n));
  return { startedAt, endedAt: nowMs() };
}

function optionsOf(load: Load, n: number): EnqueueOptions {
  return {
    ...load.options,
    ...(load.keys && { key: `key-${n % load.keys}` }),
    ...(load.tenants && { tenant: `tenant-${n % load.tenants}` }),
    ...(load.idempotent && { idempotencyKey: `bench-${n}` }),
  };
}

const enqueueOne = (twolane: Twolane, load: Load, n: number) =>
  twolane.enqueue(benchJobs[load.type], { sentAt: nowMs() }, optionsOf(load, n));

async function together(twolane: Twolane, load: Load, atOnce: number): Promise<void> {
  let next = 0;
  const caller = async () => {
    while (next < load.jobs) {
      const n = next++;
      await enqueueOne(twolane, load, n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

async function inBulk(twolane: Twolane, load: Load, size: number): Promise<void> {
  for (let n = 0; n < load.jobs; n += size) {
    const count = Math.min(size, load.jobs - n);
    await twolane.enqueueMany(
      Array.from({ length: count }, (_, index) => ({
        job: benchJobs[load.type],
        payload: { sentAt: nowMs() },
        options: optionsOf(load, n + index),
      })),
    );
  }
}

async function inFlows(twolane: Twolane, load: Load, size: number): Promise<void> {
  let left = load.jobs;
  const one = () => job(benchJobs[load.type], { sentAt: nowMs() });
  const caller = async () => {
    while (left > 0) {
      left -= size;
      await twolane.enqueueFlow(chord(Array.from({ length: size - 1 }, one), one()));
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
}
