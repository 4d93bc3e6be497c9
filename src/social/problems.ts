/** Refusals that only the product knows. */
import { Problem } from '../http/problem.ts';

export const usernameTaken = () =>
  new Problem(409, 'username_taken', 'Username taken', 'Somebody has this username already; choose another.', {
    errors: [{ pointer: '/username', detail: 'is taken' }],
  });

/** The same whether the name or the password is wrong, so that names can't be tried out. */
export const wrongLogin = () =>
  new Problem(401, 'wrong_login', 'Not logged in', 'The username or the password is wrong.');

export const notASession = () =>
  new Problem(403, 'not_a_session', 'Not a session', 'Only a session token can end itself; you called with a key.');

export const notYourself = (what: 'follow' | 'block' | 'message', pointer = '/path/id') =>
  new Problem(422, `cannot_${what}_yourself`, 'That is you', `Name another user; nobody can ${what} themselves.`, {
    errors: [{ pointer, detail: 'is your own id' }],
  });

export const blocked = () =>
  new Problem(403, 'blocked', 'Blocked', 'One of you has blocked the other; nothing was changed.');

export const notYours = (what: 'delete' | 'change') =>
  new Problem(403, 'not_yours', 'Not yours', `Only the author of a post may ${what} it; nothing was changed.`);

export const unusableMedia = (index: number, why: string) =>
  new Problem(422, 'unusable_media', 'Media that can not be posted', `mediaIds[${index}]: ${why}`, {
    errors: [{ pointer: `/mediaIds/${index}`, detail: why }],
  });

export const codeSentAlready = (everyMs: number) =>
  new Problem(429, 'code_sent_already', 'Too fast', 'A code was sent a moment ago; nothing was changed. Try later.', {
    headers: { 'retry-after': String(Math.ceil(everyMs / 1_000)) },
  });

export const wrongCode = () =>
  new Problem(
    422,
    'wrong_code',
    'Wrong code',
    'The code is wrong, too old or was tried too often; set the address again.',
    {
      errors: [{ pointer: '/code', detail: 'does not confirm the address' }],
    },
  );

export const urlRefused = (detail: string, pointer: string) =>
  new Problem(422, 'url_refused', 'The URL does not fit', detail, { errors: [{ pointer, detail }] });

export const notConfigured = (channel: string) =>
  new Problem(
    409,
    'not_configured',
    'No such channel here',
    `This installation has no ${channel}; nothing was changed. Its operator can turn it on.`,
  );
