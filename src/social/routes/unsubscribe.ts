/** `/v1/unsubscribe/:token`: what the link in a mail leads to. Looking changes nothing, as programs follow links, too. */
import { z } from 'zod';
import { type Reply, type Route, route } from '../../http/route.ts';
import type { SocialServices } from '../services.ts';

const contentType = 'text/html; charset=utf-8';
const shared = {
  path: '/v1/unsubscribe/:token',
  tag: 'notifications',
  access: 'open',
  limitPerMinute: 60,
  params: z.object({ token: z.string().max(200) }),
  answer: { status: 200, description: 'A page for people', contentType },
} as const;

export const askUnsubscribe = (): Route =>
  route({
    ...shared,
    method: 'get',
    summary: 'The page behind the link of a mail: asks before it turns mails off',
    handle: async () =>
      page('<p>Do you want no more mails like this one?</p><form method="post"><button>Turn them off</button></form>'),
  });

export const unsubscribe = ({ notifications }: SocialServices): Route =>
  route({
    ...shared,
    method: 'post',
    otherAnswers: [{ status: 404, description: 'A page that says that the link is not valid any more', contentType }],
    summary: 'Turn mails of one kind off, by one click (RFC 8058); the link is the permission',
    async handle({ params: { token } }) {
      if (await notifications.unsubscribing.end(token)) return page('<p>You get no more mails like that one.</p>');
      return {
        ...page('<p>This link is not valid any more. Your notification settings are in the app.</p>'),
        status: 404,
      };
    },
  });

function page(text: string): Exclude<Reply, 'streamed'> {
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notifications</title><body>${text}</body></html>`;
  return { body, headers: { 'content-type': contentType, 'cache-control': 'no-store' } };
}
