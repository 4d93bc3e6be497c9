/** `GET /v1/demo/people`: whom one can be on the demo page. */
import { z } from 'zod';
import { type Route, route } from '../../../http/route.ts';
import type { DemoPeople } from '../people.ts';

export const person = z.object({ id: z.string(), username: z.string(), followerCount: z.number().int() });

export const listPeople = (people: DemoPeople): Route =>
  route({
    method: 'get',
    path: '/v1/demo/people',
    tag: 'demo',
    summary: 'List the seeded people, the most followed first',
    access: 'open',
    limitPerMinute: 300,
    query: z.object({
      prefix: z.string().max(30).default('').describe('Of their names'),
      limit: z.coerce.number().int().min(1).max(100).default(24),
    }),
    answer: { status: 200, description: 'The people', schema: z.object({ items: z.array(person) }) },
    handle: async ({ query: { prefix, limit } }) => ({ body: { items: await people.list(prefix, limit) } }),
  });
