/** `POST /v1/demo/sessions`: logs in as a seeded person, without a password. */
import { z } from 'zod';
import { Problem } from '../../../http/problem.ts';
import { type Route, route } from '../../../http/route.ts';
import type { SocialServices } from '../../services.ts';
import type { DemoPeople } from '../people.ts';

const sessionS = 12 * 3600;

export const startDemoSession = (people: DemoPeople, { tokens }: Pick<SocialServices, 'tokens'>): Route =>
  route({
    method: 'post',
    path: '/v1/demo/sessions',
    tag: 'demo',
    summary: 'Be one of the seeded people for as long as you are here, and 12 hours longer',
    access: 'open',
    limitPerMinute: 60,
    body: z.strictObject({ username: z.string().min(1).max(30) }),
    answer: {
      status: 201,
      description: 'A session',
      schema: z.object({ token: z.string(), userId: z.string(), username: z.string() }),
    },
    async handle({ body }) {
      const found = await people.find(body.username);
      if (!found) throw notSeeded();
      const { token } = await tokens.issue({ userId: found.id, kind: 'session', scopes: [], expiresInS: sessionS });
      const answer = { token, userId: found.id, username: found.username };
      return { status: 201, body: answer, headers: { 'cache-control': 'no-store' } };
    },
  });

const notSeeded = () =>
  new Problem(404, 'not_seeded', 'Nobody to be', 'No seeded person has this name; `npm run seed` makes some.');
