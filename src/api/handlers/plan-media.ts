/** POST /v1/media/plan: what would be made of a video, and what it would cost. A worker looks at it, not the API. */
import { z } from 'zod';
import type { JobEvents, PlannedVideo } from '../../contract/index.ts';
import { isFinal } from '../../contract/state.ts';
import { idSchema } from '../../http/page.ts';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { ownMedia } from '../own-media.ts';
import { pointAtSource, sourceSchema } from './add-media.ts';
import type { MediaDeps } from './media-routes.ts';

/** So long the answer is waited for, milliseconds. */
const patienceMs = 10_000;

const planSchema = z
  .object({
    width: z.int(),
    height: z.int(),
    durationMs: z.int(),
    rungs: z.array(z.object({ name: z.string(), width: z.int(), height: z.int() })).describe('The smallest first.'),
    cpuMs: z.int().describe('Milliseconds of one core, estimated.'),
    jobs: z.int().describe('How many jobs would share the work.'),
    whyNotStandard: z.array(z.string()),
  })
  .meta({ id: 'VideoPlan' });

export function planMedia({ media, events, operations }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/media/plan',
    tag: 'Media',
    summary: 'What would be made of a video, and what it would cost; nothing is made',
    access: 'user',
    tenant: 'own',
    body: z
      .union([z.strictObject({ mediaId: idSchema }), z.strictObject({ source: sourceSchema })])
      .meta({ id: 'WantedPlan' }),
    answer: {
      status: 200,
      description: 'The plan; null when no worker has looked at the video within 10 s.',
      schema: z.object({ jobId: idSchema, plan: planSchema.nullable() }),
    },
    async handle({ body, userId, actor }) {
      if ('mediaId' in body) await ownMedia(media, body.mediaId, userId);
      const { jobId } = await media.plan(body, { ownerId: userId, tenant: actor.tenant }).catch(pointAtSource);
      await ended(events, jobId);
      const job = await operations.get(jobId);
      if (job?.error) throw new Problem(422, job.error.code ?? 'no_plan', 'No plan can be made', job.error.message);
      return { body: { jobId, plan: (job?.result ?? null) as PlannedVideo | null } };
    },
  });
}

/** Resolves when the job is over, or when nobody should wait any longer. */
function ended(events: JobEvents, jobId: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      clearTimeout(patience);
      unsubscribe();
      resolve();
    };
    const patience = setTimeout(stop, patienceMs);
    const unsubscribe = events.subscribe(jobId, ({ state }) => {
      // Told before `subscribe` has returned, if it is known already.
      if (isFinal(state)) queueMicrotask(stop);
    });
  });
}
