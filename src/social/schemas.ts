/** The shapes of the product's requests and answers, shared by its routes and, through them, by OpenAPI. */
import { z } from 'zod';
import type { MediaView } from '../contract/media.ts';
import { isId } from '../contract/words.ts';
import { pageOf, pageQuery } from '../http/page.ts';
import { audiences } from './stores/posts.ts';

/** An id of ours: a 64-bit number in decimal. */
export const ownId = z.string().refine(isId, 'must be an id, a 64-bit number in decimal');
/** Ids of another product's users are any printable text. */
export const userId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}]+$/u, 'must not hold control characters');

export const postParams = z.object({ id: ownId });
export const userParams = z.object({ id: userId });
export const threadParams = z.object({ id: ownId });

/** A keyset page whose cursor is the id of the last item. */
export const idPageQuery = z.object({ ...pageQuery, cursor: ownId.optional() });

const media = z.custom<MediaView>().meta({ type: 'object', description: 'As GET /v1/media/{id} answers it' });

export const feedItem = z.object({
  id: z.string(),
  authorId: z.string(),
  caption: z.string(),
  media: z.array(media),
  createdAt: z.iso.datetime(),
  likeCount: z.number().int(),
  commentCount: z.number().int(),
});

export const audience = z
  .enum(audiences)
  .describe('Who may see it beside its author. With `me` it leaves all feeds, and comes back into them later');

/** A direct message. */
export const message = z.object({
  id: z.string(),
  seq: z.number().int().describe('Its place in the thread, from 1 without gaps'),
  senderId: z.string(),
  text: z.string(),
  hidden: z.boolean().describe('You are kept from reading it, as one of you and the sender has blocked the other'),
  createdAt: z.iso.datetime(),
});

export const postPage = pageOf(feedItem);

export const postAnswer = feedItem.extend({
  state: z.enum(['pending', 'published', 'failed']).describe('Others than the author see published posts only'),
  audience,
  error: z
    .object({ code: z.string(), message: z.string() })
    .optional()
    .describe('Why it is `failed`. A post whose media failed is published after all once their job is retried'),
  jobId: z.string().optional().describe("The author's own posts: the job that publishes it"),
  delivery: z
    .object({
      followers: z.number().int().describe('Feeds covered by the pages enqueued so far'),
      delivered: z.number().int().describe('Feeds that have it'),
      pages: z.number().int(),
      pagesDone: z.number().int(),
      finished: z.boolean().describe('Every page has been delivered, or there is none to deliver'),
      merged: z.boolean().describe('So many follow the author that it is merged into their feeds as they read them'),
    })
    .optional()
    .describe("The author's own posts: how far it came on its way to the followers"),
});
