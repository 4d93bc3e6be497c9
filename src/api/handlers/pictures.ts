/** What an owner does with a picture: describes it, finds its like, has more renditions of it made. */
import { z } from 'zod';
import { TwolaneError } from '../../contract/index.ts';
import { idParams, idSchema } from '../../http/page.ts';
import { notFound, Problem } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { heldMedia } from '../held.ts';
import { altTextSchema, filtersSchema, mediaSchema } from '../media-schemas.ts';
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

const extraSchema = z
  .strictObject({
    filters: filtersSchema.optional().describe('Every size in each of these looks.'),
    avif: z.literal(true).optional().describe('Every size up to 1,080 pixels wide as AVIF.'),
  })
  .refine(({ filters, avif }) => filters !== undefined || avif, 'must name filters, avif, or both')
  .meta({ id: 'ExtraRenditions' });

export function addRenditions({ media }: MediaDeps) {
  return route({
    method: 'post',
    path: '/v1/media/:id/renditions',
    tag: 'Media',
    summary: 'Have a photo of yours rendered in other looks, or as AVIF; what is visible stays as it is',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    body: extraSchema,
    answer: {
      status: 202,
      description: 'A job makes them; the same request again is answered with the same job.',
      schema: z.object({ jobId: idSchema }).meta({ id: 'AcceptedRenditions' }),
    },
    async handle({ params, body, userId }) {
      const accepted = await media.pictures.addRenditions(params.id, userId, body).catch(explain);
      if (!accepted) throw notFound('media');
      return { body: accepted };
    },
  });
}

function explain(error: unknown): never {
  if (!(error instanceof TwolaneError)) throw error;
  if (error.code === 'not_ready') throw new Problem(409, error.code, 'Not ready', `${error.message}.`);
  if (error.code === 'not_an_image') throw new Problem(422, error.code, 'Not an image', `${error.message}.`);
  throw error;
}
