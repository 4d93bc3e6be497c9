/** An installation with isolated job types on both lanes, as a module that child processes can load. Its handlers misbehave on demand. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from '../../src/config.ts';
import {
  type AnyHandlers,
  type Catalog,
  defineJob,
  type JobContext,
  type LaneName,
  NonRetryableError,
} from '../../src/contract/index.ts';
import { createTwolane, type Twolane, type TwolaneOptions } from '../../src/twolane.ts';

const payload = z.object({
  does: z.enum([
    'answers',
    'sleeps',
    'rests',
    'computes for ever',
    'eats memory',
    'fills the heap',
    'exits',
    'refuses',
    'settles',
    'settles too late',
    'waits for a child',
  ]),
  /** Starts processes of its own first: one in its group, one in a session of its own, and one that loses its parent. */
  starts: z.boolean().default(false),
});
const result = z.object({ pid: z.number() });
type Script = z.output<typeof payload>;

function isolatedJob<const T extends string>(type: T, lane: LaneName, isolated: boolean) {
  return defineJob({
    type,
    lane,
    queue: 'isolated',
    payload,
    result,
    maxAttempts: 1,
    killAfterMs: 300,
    backoff: { delayMs: 50 },
    ...(isolated && { isolated: { memoryMb: 400 }, concurrency: 4 }),
  });
}

export const isolatedJobs = {
  'isolated-realtime': isolatedJob('isolated-realtime', 'realtime', true),
  'isolated-bulk': isolatedJob('isolated-bulk', 'bulk', true),
  'plain-realtime': isolatedJob('plain-realtime', 'realtime', false),
  'plain-bulk': isolatedJob('plain-bulk', 'bulk', false),
} as const satisfies Catalog;

export function jobsOf(lane: LaneName) {
  return { isolated: isolatedJobs[`isolated-${lane}`], plain: isolatedJobs[`plain-${lane}`] };
}

export function createApp(config: Config, overrides: Partial<TwolaneOptions> = {}): Twolane {
  const twolane: Twolane = createTwolane({
    config,
    catalog: isolatedJobs as Catalog,
    handlers: () => handlers(() => twolane),
    app: import.meta.url,
    ...overrides,
  });
  return twolane;
}

function handlers(twolane: () => Twolane): AnyHandlers {
  const run = async (script: Script, context: JobContext<z.input<typeof result>>) => {
    context.progress(40, 'begun');
    context.log('It runs', { pid: process.pid });
    if (script.starts) await startProcesses(context);
    return deeds[script.does](context, twolane());
  };
  return Object.fromEntries(Object.keys(isolatedJobs).map((type) => [type, run]));
}

const deeds: Record<
  Script['does'],
  (context: JobContext<z.input<typeof result>>, twolane: Twolane) => Promise<unknown>
> = {
  answers: async () => ({ pid: process.pid }),
  sleeps: async ({ signal }) => {
    await sleep(60_000, undefined, { signal });
  },
  /** Does not listen, and is done in a moment. */
  rests: async () => {
    await sleep(1_500);
    return { pid: process.pid };
  },
  'computes for ever': async () => {
    for (;;);
  },
  // Outside of the heap of V8, so that only the resident memory tells.
  'eats memory': async () => {
    const eaten: Buffer[] = [];
    for (;;) {
      eaten.push(Buffer.alloc(8 * 1024 * 1024, 1));
      await sleep(5);
    }
  },
  'fills the heap': async () => {
    const eaten: number[][] = [];
    for (;;) eaten.push(Array.from({ length: 100_000 }, (_, n) => n));
  },
  exits: async () => {
    process.stderr.write('I am about to leave\n');
    process.exit(3);
  },
  refuses: async () => {
    throw new NonRetryableError('This can never work', { code: 'never' });
  },
  settles: async (context, twolane) => {
    await context.settle(
      async (tx) => {
        await tx.query('insert into effects (job, pid) values ($1, $2)', [context.id, process.pid]);
        const { plain } = jobsOf(context.lane);
        await twolane.enqueueIn(tx, [{ job: plain, payload: { does: 'answers' }, options: { parentId: context.id } }]);
      },
      { pid: process.pid },
    );
    const follower = await twolane.enqueue(jobsOf(context.lane).plain, { does: 'answers' });
    context.log('It has enqueued', { follower: follower.id });
    return { pid: process.pid };
  },
  'waits for a child': async (context) => {
    if ((await context.children()).length > 0) return { pid: process.pid };
    await context.enqueue(jobsOf(context.lane).plain, { does: 'answers' });
    return context.waitForChildren();
  },
  // Somebody takes the job away before the effect commits.
  'settles too late': async (context, twolane) => {
    await twolane.database.query('update twolane.live set fence = fence + 1 where id = $1', [context.id]);
    const effect = context.settle(async (tx) => {
      await tx.query('insert into effects (job) values ($1)', [context.id]);
    });
    await effect.catch((error: Error) => context.log(error.name));
  },
};

async function startProcesses(context: JobContext<z.input<typeof result>>): Promise<void> {
  const own = spawn('sleep', ['301'], { stdio: 'ignore' });
  const apart = spawn('sleep', ['302'], { stdio: 'ignore', detached: true });
  // A shell that ends at once: its child belongs to nobody any more, in a session of its own.
  const shell = spawn('sh', ['-c', 'setsid sleep 303 > /dev/null & echo $!'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [orphan] = await once(shell.stdout, 'data');
  context.log('Processes', { pids: [process.pid, own.pid ?? 0, apart.pid ?? 0, Number(String(orphan))] });
  // Lines are gathered for a moment before they are written.
  await sleep(100);
}
