/** GET /v1/media/:id: one photo or video of the caller. */
import { idParams } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import { heldMedia } from '../held.ts';
import { mediaSchema } from '../media-schemas.ts';
import { ownMedia } from '../own-media.ts';
import type { MediaDeps } from './media-routes.ts';

export function getMedia({ media }: MediaDeps) {
  return route({
    method: 'get',
    path: '/v1/media/:id',
    tag: 'Media',
    summary: 'One photo or video of yours, with its state and renditions',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    answer: { status: 200, description: 'The media.', schema: mediaSchema },
    handle: async ({ params, userId }) => ({ body: await ownMedia(media, params.id, userId) }),
  });
}
