/** The job types of the fault tests. Each start and each effect leaves a mark that no crash can take back. */
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { runOperation } from '../../jobs/bulk/run-operation.handler.ts';
import { runOperationJob } from '../../jobs/bulk/run-operation.job.ts';
import type { PlatformServices } from '../../jobs/services.ts';
import {
  type AnyHandlers,
  type Catalog,
  defineJob,
  type FileStore,
  type JobContext,
  type JobDefinition,
  type JobOptions,
  type LaneName,
  NonRetryableError,
} from '../../src/contract/index.ts';

/**
 * `takesMs` and `blocks` count in the first run only, so that a job which is run again is quick. `kills` ends the process,
 * every time; `blocks` computes without a pause; `files` has an effect in the file store too; `dies` fails for good in the
 * first run; the transaction of its effect takes `settlesMs`; `heeds` stops it when it is told to, as good handlers do.
 */
export const faultPayload = z.object({
  name: z.string(),
  takesMs: z.number().default(0),
  kills: z.boolean().default(false),
  blocks: z.boolean().default(false),
  files: z.boolean().default(false),
  dies: z.boolean().default(false),
  settlesMs: z.number().default(0),
  heeds: z.boolean().default(false),
});
const result = z.void();

type More = Pick<JobOptions<typeof faultPayload, typeof result>, 'killAfterMs' | 'limits' | 'key'>;

function faultJob<const T extends string>(type: T, lane: LaneName, more: More = {}) {
  return defineJob({
    type,
    lane,
    queue: 'faults',
    payload: faultPayload,
    result,
    backoff: { delayMs: 100 },
    ...more,
  });
}

/** Jobs of three keys. */
const limited: More = {
  limits: { concurrency: 4, perKey: { concurrency: 2 } },
  key: ({ name }) => faultKey(name),
};
const rated: More = { limits: { rate: { count: 6, perMs: 1_000 } } };

export const faultKey = (name: string) => `key ${Number(name.split(' ').at(-1)) % 3}`;

export type FaultKind = 'fault' | 'hasty' | 'limited' | 'rated';

export const faultJobs = {
  'fault-realtime': faultJob('fault-realtime', 'realtime'),
  'fault-bulk': faultJob('fault-bulk', 'bulk'),
  // For handlers that are meant not to stop when they have to.
  'hasty-realtime': faultJob('hasty-realtime', 'realtime', { killAfterMs: 300 }),
  'hasty-bulk': faultJob('hasty-bulk', 'bulk', { killAfterMs: 300 }),
  'limited-realtime': faultJob('limited-realtime', 'realtime', limited),
  'limited-bulk': faultJob('limited-bulk', 'bulk', limited),
  'rated-realtime': faultJob('rated-realtime', 'realtime', rated),
  'rated-bulk': faultJob('rated-bulk', 'bulk', rated),
} as const satisfies Catalog;

/** With what the platform itself runs. */
export const faultCatalog = { ...faultJobs, [runOperationJob.type]: runOperationJob };

export function faultJobOf(
  lane: LaneName,
  kind: FaultKind = 'fault',
): JobDefinition<string, typeof faultPayload, typeof result> {
  return faultJobs[`${kind}-${lane}`];
}

/** One start of a handler, as written to the deliveries file of its process. */
export interface Start {
  name: string;
  id: string;
  attempt: number;
  fence: number;
  pid: number;
  at: number;
}

/** Writes the start to a file, works, and commits one effect with the outcome. Most ignore their signal, as bad handlers do. */
export function faultHandlers(deliveriesFile: string, { files, operations }: PlatformServices): AnyHandlers {
  const handler = async (job: z.output<typeof faultPayload>, context: JobContext<void>) => {
    const start: Start = {
      name: job.name,
      id: context.id,
      attempt: context.attempt,
      fence: context.fence,
      pid: process.pid,
      at: Date.now(),
    };
    // Synchronous and appended: a SIGKILL right afterwards can't hide it.
    appendFileSync(deliveriesFile, `${JSON.stringify(start)}\n`);
    if (job.kills) process.kill(process.pid, 'SIGKILL');
    while (job.blocks && context.fence === 1);
    const { signal } = job.heeds ? context : {};
    if (job.takesMs > 0 && context.fence === 1) await setTimeout(job.takesMs, undefined, { signal });
    if (job.dies && context.fence === 1) throw new NonRetryableError('It can not work yet');
    const prefix = job.files ? await publish(files, context) : null;
    await context.settle(async (tx) => {
      await tx.query('insert into fault_effects (job, fence, pid, prefix) values ($1, $2, $3, $4)', [
        context.id,
        context.fence,
        process.pid,
        prefix,
      ]);
      if (job.settlesMs > 0) await tx.query('select pg_sleep($1)', [job.settlesMs / 1_000]);
    });
  };
  const own = Object.fromEntries(Object.keys(faultJobs).map((type) => [type, handler]));
  return { ...own, [runOperationJob.type]: runOperation(operations) };
}

/** As media do it: under a name with the fence in it, visible by the row that `settle` writes. */
async function publish(files: FileStore, { id, fence }: JobContext<void>): Promise<string> {
  const prefix = `faults/${id}/${fence}`;
  await files.withFolder(async (folder) => {
    await writeFile(join(folder, 'effect.txt'), `${id} ${fence}`);
    await files.publish(folder, prefix);
  });
  return prefix;
}
