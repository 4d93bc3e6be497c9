/** What an owner does with a picture: PATCH /v1/media/:id describes it, GET /v1/media/:id/similar finds its like. */
import { z } from 'zod';
import { idParams } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { heldMedia } from '../held.ts';
import { altTextSchema, mediaSchema } from '../media-schemas.ts';
import type { MediaDeps } from './media-routes.ts';

export function describeMedia({ media }: MediaDeps) {
  return route({
    method: 'patch',
    path: '/v1/media/:id',
    tag: 'Media',
    summary: 'Say what a photo or video of yours shows, for those who can not see it',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    body: z
      .strictObject({ altText: altTextSchema.nullable().describe('Null takes it away.') })
      .meta({ id: 'MediaDescription' }),
    answer: { status: 200, description: 'The media as it is now.', schema: mediaSchema },
    async handle({ params, body, userId }) {
      const view = await media.pictures.describe(params.id, userId, body);
      if (!view) throw notFound('media');
      return { body: view };
    },
  });
}

const similarQuery = z.strictObject({
  maxDistance: z.coerce
    .number()
    .int()
    .min(0)
    .max(31)
    .default(31)
    .describe('Bits of 256 in which the hashes may differ; 0 for copies, 31 for what looks the same.'),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});

const similarSchema = z
  .object({ items: z.array(z.object({ distance: z.int(), media: mediaSchema })) })
  .meta({ id: 'SimilarMedia' });

export function similarMedia({ media }: MediaDeps) {
  return route({
    method: 'get',
    path: '/v1/media/:id/similar',
    tag: 'Media',
    summary: 'Photos and videos of yours that look the same, the nearest first',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    query: similarQuery,
    answer: {
      status: 200,
      description: 'What was found; nothing where there is too little to see.',
      schema: similarSchema,
    },
    async handle({ params, query, userId }) {
      const items = await media.pictures.similar(params.id, userId, query);
      if (!items) throw notFound('media');
      return { body: { items: [...items] } };
    },
  });
}
