/** Encodes one piece of a video that costs more than one job may. */
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { defineJob } from '../../src/contract/index.ts';

const stage = z.enum(['first', 'rest', 'sound']);

export const encodePieceJob = defineJob({
  type: 'encode-piece',
  lane: 'bulk',
  // Not that of the videos: those look at uploads, and make what is cheap.
  queue: 'encode',
  description: 'Encodes some seconds of a long video, or its sound.',
  payload: z.object({
    mediaId: z.string(),
    ownerId: z.string(),
    /** The job that makes the media ready. */
    videoJobId: z.string(),
    /** Folder of the run that it belongs to. */
    run: z.string(),
    stage,
    fromS: z.number(),
    toS: z.number().optional(),
  }),
  result: z.object({ stage, fromS: z.number(), prefix: z.string(), frames: z.int() }).nullable(),
  maxAttempts: 3,
  timeoutMs: 60 * 60_000,
  // An encoder keeps about two cores busy.
  concurrency: Math.max(1, Math.floor(availableParallelism() / 2)),
  internal: true,
  owner: (payload) => payload.ownerId,
});
