/** The job types of the fault tests. Each start and each effect leaves a mark that no crash can take back. */
import { appendFileSync } from 'node:fs';
import { z } from 'zod';
import {
  type AnyHandlers,
  type Catalog,
  defineJob,
  type JobContext,
  type JobDefinition,
  type LaneName,
} from '../../src/contract/index.ts';

/** `takesMs` counts in the first run only, so that a job which is run again is quick. `kills` ends the process, every time. */
const payload = z.object({ name: z.string(), takesMs: z.number().default(0), kills: z.boolean().default(false) });
const result = z.void();

function faultJob<const T extends string>(type: T, lane: LaneName) {
  return defineJob({ type, lane, queue: 'faults', payload, result, backoff: { delayMs: 100 } });
}

export const faultJobs = {
  'fault-realtime': faultJob('fault-realtime', 'realtime'),
  'fault-bulk': faultJob('fault-bulk', 'bulk'),
} as const satisfies Catalog;

export function faultJobOf(lane: LaneName): JobDefinition<string, typeof payload, typeof result> {
  return faultJobs[`fault-${lane}`];
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
export function faultHandlers(deliveriesFile: string): AnyHandlers {
  const handler = async (job: z.output<typeof payload>, context: JobContext<void>) => {
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
    if (job.takesMs > 0 && context.fence === 1) await new Promise((resolve) => setTimeout(resolve, job.takesMs));
    await context.settle(async (tx) => {
      await tx.query('insert into fault_effects (job, fence, pid) values ($1, $2, $3)', [
        context.id,
        context.fence,
        process.pid,
      ]);
    });
  };
  return { 'fault-realtime': handler, 'fault-bulk': handler };
}
