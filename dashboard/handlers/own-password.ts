/** An operator's own password: changed by whoever knows the one of now. */
import { z } from 'zod';
import { audited } from '../../src/http/audit.ts';
import { passwordLength } from '../../src/http/auth/operators.ts';
import { Problem } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { sessionCookie } from '../cookie.ts';
import { type Services, tag } from '../services.ts';

export const setOwnPassword = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/password',
    tag,
    summary: 'Change your own password',
    access: 'operator',
    // Also in a read-only deployment: it is the door of a person, not the work of the installation.
    scope: 'pages:open',
    body: z.strictObject({
      old: z.string().max(passwordLength.max),
      next: z.string().min(passwordLength.min).max(passwordLength.max),
    }),
    answer: { status: 204, description: 'Done; your other sessions have ended' },
    async handle({ body, actor: { name }, req }) {
      const { login } = services;
      const cookie = sessionCookie(req);
      if (!login || cookie === undefined) throw elsewhere();
      const entry = { actor: name, action: 'operator.own-password', target: `operator:${name}` };
      await audited(services, entry, () => login.changePassword(name, body, cookie));
      return { status: 204 };
    },
  });

const elsewhere = () =>
  new Problem(409, 'no_password', 'Not possible', 'You log in elsewhere: the password is changed there.');
