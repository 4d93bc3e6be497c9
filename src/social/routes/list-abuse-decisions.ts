/** `GET /v1/abuse-decisions`: what the velocity rules objected to. */
import { z } from 'zod';
import { cutPage } from '../../contract/page.ts';
import { pageOf } from '../../http/page.ts';
import { type Route, route } from '../../http/route.ts';
import { deeds } from '../abuse/rules.ts';
import { idPageQuery } from '../schemas.ts';
import type { SocialServices } from '../services.ts';

const decision = z.object({
  id: z.string(),
  deed: z.enum(deeds).describe('`log-in-to` counts per account that is tried, `log-in` per client'),
  rule: z.string(),
  subject: z.string().describe('A user; for sign-ups and log-ins the network of the client, such as 203.0.113.0/24'),
  decision: z.enum(['review', 'block']),
  times: z.number().int().describe("How often, within the rule's window"),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});

export const listAbuseDecisions = ({ abuse }: SocialServices): Route =>
  route({
    method: 'get',
    path: '/v1/abuse-decisions',
    tag: 'abuse',
    summary: 'List what the velocity rules would have looked at or have blocked, newest first',
    access: 'key',
    query: idPageQuery,
    answer: { status: 200, description: 'A page of decisions', schema: pageOf(decision) },
    async handle({ query: { limit, cursor } }) {
      const found = await abuse.page({ limit: limit + 1, before: cursor });
      return { body: cutPage(found, limit, ({ id }) => id) };
    },
  });
