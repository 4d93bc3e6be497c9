/** POST /v1/uploads: takes a photo or a video, answers when its bytes are safe. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { TwolaneError } from '../../contract/index.ts';
import { route } from '../../http/route.ts';
import { drain } from '../drain.ts';
import { acceptedSchema } from '../media-schemas.ts';
import { readUpload } from '../upload-body.ts';
import type { MediaDeps } from './media-routes.ts';

/** Room for the multipart frame and the metadata around the file. */
const frameBytes = 64 * 1024;

export function uploadMedia({ media, maxUploadBytes }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/uploads',
    tag: 'Media',
    summary:
      'Upload a photo or a video as multipart/form-data: `metadata`, `sha256`, `altText` and `filters` (all optional), then `file`',
    access: 'user',
    tenant: 'own',
    form: z.object({
      metadata: z.string().optional().describe('A JSON object, echoed in answers.'),
      sha256: z.string().optional().describe('Of the file, hex. What arrives otherwise is refused with 422.'),
      altText: z.string().optional().describe('For those who can not see it.'),
      filters: z.string().optional().describe('Looks in which a photo is made as well, such as `noir,amber`.'),
      file: z.string().meta({ format: 'binary' }),
    }),
    answer: { status: 202, description: 'The bytes are safe; the renditions follow.', schema: acceptedSchema },
    async handle({ req, userId, actor }) {
      try {
        refuseByLength(req, maxUploadBytes);
        const { file, ...fields } = await readUpload(req);
        const bytes = lengthOf(req);
        const accepted = await media.accept(file, { ...fields, ownerId: userId, bytes, tenant: actor.tenant });
        return { status: 202, body: accepted, headers: { location: `/v1/media/${accepted.id}` } };
      } catch (error) {
        drain(req);
        throw error;
      }
    },
  });
}

/** Of the whole body, a little more than of the file in it. Undefined for one in chunks. */
function lengthOf(req: IncomingMessage): number | undefined {
  const length = req.headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** An honest client learns at once that its file is too large. */
function refuseByLength(req: IncomingMessage, maxUploadBytes: number): void {
  if ((lengthOf(req) ?? 0) > maxUploadBytes + frameBytes)
    throw new TwolaneError('too_large', `The file is larger than ${maxUploadBytes} bytes`);
}
