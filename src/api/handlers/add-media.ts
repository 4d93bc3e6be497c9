/** POST /v1/media: a photo or video whose bytes the product has already, at a URL or in the drop folder of the file store. */
import { z } from 'zod';
import { Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { acceptedSchema, wishes } from '../media-schemas.ts';
import type { MediaDeps } from './media-routes.ts';

const url = z.string().max(4_000).describe('Of the public internet, unless TWOLANE_OUTGOING_ALLOW says otherwise.');
const key = z.string().max(500).describe('Of a file below `incoming/` in the file store. It is copied.');

export const sourceSchema = z.union([z.strictObject({ url }), z.strictObject({ key })]);

export function addMedia({ media }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/media',
    tag: 'Media',
    summary: 'Process a photo or video that lies at a URL or in the file store',
    access: 'key',
    tenant: 'own',
    body: z
      .strictObject({
        source: sourceSchema,
        ownerId: z.string().min(1).max(64),
        metadata: z.record(z.string(), z.json()).optional().describe('Echoed in answers and webhooks.'),
        ...wishes,
      })
      .meta({ id: 'NewMedia' }),
    answer: { status: 202, description: 'A job fetches the bytes, then they are processed.', schema: acceptedSchema },
    async handle({ body: { source, ...upload }, actor }) {
      const accepted = await media.handOver(source, { ...upload, tenant: actor.tenant }).catch(pointAtSource);
      return { body: accepted, headers: { location: `/v1/media/${accepted.id}` } };
    },
  });
}

const pointers: Readonly<Record<string, string>> = { url_refused: '/source/url', source_missing: '/source/key' };

/** @throws Problem 422 that points at the field, for a source that does not fit */
export function pointAtSource(error: unknown): never {
  const { code, message } = error as { code?: string; message: string };
  const pointer = pointers[code ?? ''];
  if (code === undefined || pointer === undefined) throw error;
  throw new Problem(422, code, 'The source does not fit', message, { errors: [{ pointer, detail: message }] });
}
