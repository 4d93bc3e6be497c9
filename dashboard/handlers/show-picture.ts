/** A small picture of the media that a job works on, from the file store: the pages may load pictures from nowhere else. */
import { pipeline } from 'node:stream/promises';
import type { MediaView } from '../../src/contract/media.ts';
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

const contentTypes: Readonly<Record<string, string>> = { webp: 'image/webp', jpg: 'image/jpeg' };

export const showPicture = ({ operations, media, files }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/picture',
    tag,
    summary: "A picture of a job's media",
    access: 'operator',
    scope: 'media:read',
    params: jobParams,
    answer: { status: 200, description: 'The smallest rendition, or the poster', contentType: 'image/webp' },
    async handle({ params, res }) {
      const job = await operations.get(params.id);
      const mediaId = (job?.payload as { mediaId?: unknown } | null | undefined)?.mediaId;
      const [view] = typeof mediaId === 'string' ? await media.views([mediaId]) : [];
      const key = view && pictureKey(view);
      const file = key ? await files.open(key) : undefined;
      if (!key || !file) throw notFound('picture');
      res.set({
        'content-type': contentTypes[key.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
        'content-length': String(file.bytes),
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, max-age=60',
      });
      await pipeline(file.stream(), res);
      return 'streamed';
    },
  });

/** Of the renditions that every browser shows the smallest; of a video the poster. */
function pictureKey({ renditions, video }: MediaView): string | undefined {
  const pictures = renditions.filter(({ url }) => /\.(webp|jpg)$/.test(url)).sort((a, b) => a.width - b.width);
  const url = pictures.find(({ width }) => width >= 200)?.url ?? pictures.at(-1)?.url ?? video?.poster;
  return url?.split('/files/')[1];
}
