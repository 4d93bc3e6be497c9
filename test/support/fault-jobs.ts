/** The job types of the fault tests. Each start and each effect leaves a mark that no crash can take back. */
import { appendFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type AnyHandlers,
  type Catalog,
  defineJob,
  type FileStore,
  type JobContext,
  type JobDefinition,
  type LaneName,
} from '../../src/contract/index.ts';

/**
 * `takesMs` and `blocks` count in the first run only, so that a job which is run again is quick. `kills` ends the process,
 * every time; `blocks` computes without a pause; `files` has an effect in the file store too.
 */
export const faultPayload = z.object({
  name: z.string(),
  takesMs: z.number().default(0),
  kills: z.boolean().default(false),
  blocks: z.boolean().default(false),
  files: z.boolean().default(false),
});
const result = z.void();

function faultJob<const T extends string>(type: T, lane: LaneName, killAfterMs?: number) {
  return defineJob({
    type,
    lane,
    queue: 'faults',
    payload: faultPayload,
    result,
    killAfterMs,
    backoff: { delayMs: 100 },
  });
}

export const faultJobs = {
  'fault-realtime': faultJob('fault-realtime', 'realtime'),
  'fault-bulk': faultJob('fault-bulk', 'bulk'),
  // For handlers that are meant not to stop when they have to.
  'hasty-realtime': faultJob('hasty-realtime', 'realtime', 300),
  'hasty-bulk': faultJob('hasty-bulk', 'bulk', 300),
} as const satisfies Catalog;

export function faultJobOf(
  lane: LaneName,
  kind: 'fault' | 'hasty' = 'fault',
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

/** Writes the start to a file, works, and commits one effect with the outcome. Ignores its signal, as bad handlers do. */
export function faultHandlers(deliveriesFile: string, files?: FileStore): AnyHandlers {
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
    if (job.takesMs > 0 && context.fence === 1) await new Promise((resolve) => setTimeout(resolve, job.takesMs));
    const prefix = job.files && files ? await publish(files, context) : null;
    await context.settle(async (tx) => {
      await tx.query('insert into fault_effects (job, fence, pid, prefix) values ($1, $2, $3, $4)', [
        context.id,
        context.fence,
        process.pid,
        prefix,
      ]);
    });
  };
  return Object.fromEntries(Object.keys(faultJobs).map((type) => [type, handler]));
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
