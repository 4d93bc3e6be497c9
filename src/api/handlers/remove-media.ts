/** DELETE /v1/media/:id: removes a photo or video of the caller with all its bytes. */
import { idParams } from '../../http/page.ts';
import { notFound } from '../../http/problem.ts';
import { route } from '../../http/route.ts';
import { heldMedia } from '../held.ts';
import type { MediaDeps } from './media-routes.ts';

export function removeMedia({ media }: MediaDeps) {
  return route({
    method: 'delete',
    path: '/v1/media/:id',
    tag: 'Media',
    summary: 'Remove a photo or video of yours; its URLs stop working at once',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    answer: { status: 204, description: 'It is gone.' },
    async handle({ params, userId }) {
      if (!(await media.remove(params.id, userId))) throw notFound('media');
      return { status: 204 };
    },
  });
}
