/** The job type, and its handler. */
import { appendFile } from 'node:fs/promises';
import { defineJob } from 'twolane';
import { z } from 'zod';

const thumbnail = defineJob({
  type: 'make-thumbnail',
  lane: 'bulk',
  queue: 'thumbnails',
  payload: z.object({ photoId: z.string(), width: z.number().int().positive() }),
});

export const catalog = { 'make-thumbnail': thumbnail };
export const handlers = {
  'make-thumbnail': ({ photoId, width }) =>
    appendFile(`${process.env.OUT}/made.txt`, `twolane made ${photoId} ${width}\n`),
};
