/** Who may see the operator pages: the app's own log-in decides, here one password in the browser's own dialog. */
import type { Request, RequestHandler } from 'express';
import type { KnownOperator } from 'twolane';
import { settings } from './settings.ts';

/** Whoever calls himself guest may look and change nothing. */
export async function authorize(req: Request): Promise<KnownOperator | undefined> {
  const [, credentials = ''] = (req.headers.authorization ?? '').split(' ');
  const [name = '', password] = Buffer.from(credentials, 'base64').toString().split(':');
  if (password !== settings.operatorPassword) return undefined;
  return { name, role: name === 'guest' ? 'viewer' : 'admin' };
}

/** Has the browser ask for name and password. */
export const askForPassword: RequestHandler = async (req, res, next) => {
  if (await authorize(req)) return next();
  res.status(401).set('www-authenticate', 'Basic realm="Postcards"').send('Staff only');
};
