/** The job type, and its handler: what the worker of BullMQ was told is said here. */
import { defineJob } from 'twolane';
import { z } from 'zod';
import { makeThumbnail } from './thumbnail.js';

const thumbnail = defineJob({
  type: 'make-thumbnail',
  lane: 'bulk',
  queue: 'thumbnails',
  payload: z.object({ photoId: z.string(), width: z.number().int().positive() }),
  result: z.object({ file: z.string() }),
  maxAttempts: 3,
  backoff: { kind: 'exponential', delayMs: 1_000 },
});

export const catalog = { 'make-thumbnail': thumbnail };
export const handlers = { 'make-thumbnail': makeThumbnail };
