/** `GET /v1/trending`: the hashtags that rise. */
import { z } from 'zod';
import { type Route, route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';
import { longestList } from '../trending/trends.ts';
import { emptyCodes, whyEmpty } from '../trending/why-empty.ts';

const item = z.object({
  tag: z.string().describe('Lower case, without the sign; of spelling variants the strongest'),
  score: z.number(),
  count: z.number().int().describe('People who used it, or a variant, in its best five minutes'),
});

export const getTrending = ({ trends }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/trending',
    tag: 'trending',
    summary: 'Read what is trending; while anything is down the last good list, which `asOf` tells',
    access: 'either',
    query: z.object({ limit: z.coerce.number().int().min(1).max(longestList).default(10) }),
    answer: {
      status: 200,
      description: 'The list, the strongest first; `asOf` is null before the first one was made',
      schema: z.object({
        asOf: z.iso.datetime().nullable(),
        items: z.array(item),
        empty: z
          .object({ code: z.enum(emptyCodes), message: z.string() })
          .optional()
          .describe('Why there are no items'),
      }),
    },
    async handle({ query: { limit } }) {
      const list = await trends.current();
      const items = list?.items.slice(0, limit) ?? [];
      return { body: { asOf: list?.asOf ?? null, items, ...(items.length === 0 && { empty: whyEmpty(list) }) } };
    },
  });
