/** `POST /v1/posts`: writes a post and the job that publishes it once its media are ready, in one transaction. */
import { z } from 'zod';
import { fanOutPost } from '../../../jobs/realtime/fan-out-post.job.ts';
import type { MediaView } from '../../contract/media.ts';
import { contextOf } from '../../http/context.ts';
import { type Route, route } from '../../http/route.ts';
import { nextId } from '../ids.ts';
import { unusableMedia } from '../problems.ts';
import { audience, ownId } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const body = z.object({
  mediaIds: z
    .array(ownId)
    .min(1)
    .max(10)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name a media twice'),
  caption: z.string().max(2_200).default(''),
  audience: audience.default('everyone'),
});

export const createPost = ({ enqueuer, media, posts }: SocialServices): Route =>
  route({
    method: 'post',
    path: '/v1/posts',
    tag: 'posts',
    summary: 'Post photos and videos; published as soon as they are processed',
    access: 'user',
    body,
    answer: { status: 202, description: 'Accepted', schema: z.object({ id: z.string(), jobId: z.string() }) },
    async handle({ body: { mediaIds, caption, audience }, userId: authorId, req }) {
      const { traceparent } = contextOf(req);
      const views = usable(mediaIds, await media.views(mediaIds), authorId);
      const waitFor = views.filter((view) => view.state === 'processing').map((view) => view.jobId);
      const answer = await enqueuer.transaction(async (tx, enqueue) => {
        const id = await nextId(tx);
        const job = await enqueue(
          fanOutPost,
          { postId: id, authorId },
          { traceparent, waitFor: waitFor.length > 0 ? waitFor : undefined },
        );
        await posts.add(tx, { id, authorId, caption, noun: nounOf(views), jobId: job.id, mediaIds, audience });
        return { id, jobId: job.id };
      });
      return { status: 202, body: answer };
    },
  });

/** The views in the order asked. Media of others look like media that are not there. */
function usable(ids: readonly string[], views: readonly MediaView[], ownerId: string): MediaView[] {
  return ids.map((id, index) => {
    const view = views.find((candidate) => candidate.id === id && candidate.ownerId === ownerId);
    if (!view) throw unusableMedia(index, 'names no media of yours');
    if (view.state === 'failed') throw unusableMedia(index, `names media that failed: ${view.error?.message ?? ''}`);
    return view;
  });
}

function nounOf(views: readonly MediaView[]): string {
  const kinds = new Set(views.map((view) => view.kind));
  if (kinds.size > 1 || views.length > 1) return 'post';
  return kinds.has('video') ? 'video' : 'photo';
}
