/** GET /v1/media: the caller's photos and videos, the newest first. */
import { z } from 'zod';
import { pageOf, pageQuery } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import { mediaSchema } from '../media-schemas.ts';
import type { MediaDeps } from './media-routes.ts';

export function listMedia({ media }: MediaDeps) {
  return route({
    method: 'get',
    path: '/v1/media',
    tag: 'Media',
    summary: 'Your photos and videos, the newest first',
    access: 'user',
    tenant: 'own',
    query: z.strictObject(pageQuery),
    answer: { status: 200, description: 'A page of media.', schema: pageOf(mediaSchema) },
    handle: async ({ query, userId, actor }) => ({
      body: await media.page(userId, { ...query, tenant: actor.tenant }),
    }),
  });
}
