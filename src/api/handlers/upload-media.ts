/** POST /v1/uploads: takes a photo or a video, answers when its bytes are safe. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { TwolaneError } from '../../contract/index.ts';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { acceptedSchema } from '../media-schemas.ts';
import { readUpload } from '../upload-body.ts';
import type { MediaDeps } from './media-routes.ts';

/** Room for the multipart frame and the metadata around the file. */
const frameBytes = 64 * 1024;
/** How much more of a refused body is read, so that the client gets to see the answer. */
const drainBytes = 8 * 1024 * 1024;

export function uploadMedia({ media, maxUploadBytes }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/uploads',
    tag: 'Media',
    summary: 'Upload a photo or a video as multipart/form-data: `metadata` (JSON, optional), then `file`',
    access: 'user',
    tenant: 'own',
    form: z.object({
      metadata: z.string().optional().describe('A JSON object, echoed in answers.'),
      file: z.string().meta({ format: 'binary' }),
    }),
    answer: { status: 202, description: 'The bytes are safe; the renditions follow.', schema: acceptedSchema },
    async handle({ req, userId, actor }) {
      try {
        refuseByLength(req, maxUploadBytes);
        const { file, metadata } = await readUpload(req);
        const accepted = await media.accept(file, { ownerId: userId, metadata, tenant: actor.tenant });
        return { status: 202, body: accepted, headers: { location: `/v1/media/${accepted.id}` } };
      } catch (error) {
        drain(req);
        throw explain(error);
      }
    },
  });
}

/** An honest client learns at once that its file is too large. */
function refuseByLength(req: IncomingMessage, maxUploadBytes: number): void {
  if (Number(req.headers['content-length'] ?? 0) > maxUploadBytes + frameBytes)
    throw new TwolaneError('too_large', `The file is larger than ${maxUploadBytes} bytes`);
}

/** A connection that is cut while the client still sends would lose the answer; one that never ends is cut all the same. */
function drain(req: IncomingMessage): void {
  let left = drainBytes;
  req.unpipe();
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
}

function explain(error: unknown): unknown {
  if (!(error instanceof TwolaneError)) return error;
  if (error.code === 'unsupported_media')
    return new Problem(415, error.code, 'Unsupported media type', error.message, { cause: error });
  if (error.code === 'empty_file') return new Problem(422, error.code, 'The upload does not fit', error.message);
  return error;
}
