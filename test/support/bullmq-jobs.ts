/** The job types of an app that moves from BullMQ, and what its names of jobs lead to. */
import { z } from 'zod';
import { defineJob, type HandlersOf, NonRetryableError } from '../../src/contract/index.ts';

const resize = defineJob({
  type: 'resize-photo',
  lane: 'bulk',
  queue: 'photos',
  payload: z.object({ id: z.string(), fails: z.boolean().optional() }),
  result: z.object({ done: z.string() }),
  backoff: { kind: 'exponential', delayMs: 50 },
});
const mail = defineJob({ type: 'send-mail', lane: 'realtime', queue: 'mail', payload: z.object({ to: z.string() }) });
export const thumbnail = defineJob({
  type: 'make-thumbnail',
  lane: 'bulk',
  queue: 'photos',
  payload: z.object({ photoId: z.string(), width: z.int() }),
});
export const catalog = { [resize.type]: resize, [mail.type]: mail, [thumbnail.type]: thumbnail };
export const handlers = {
  'resize-photo': async ({ id, fails }) => {
    if (fails) throw new NonRetryableError('The photo is broken');
    return { done: id };
  },
  'send-mail': async () => {},
  'make-thumbnail': async () => {},
} as HandlersOf<typeof catalog>;
export const jobs = {
  resize: 'resize-photo',
  mail: { type: 'send-mail', payload: (data: { email: string }) => ({ to: data.email }) },
};
