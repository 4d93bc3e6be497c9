/** What `npm start` prints when all is up. */
import { type Address, pageAt } from './address.ts';

/** @param madePassword whether the operator's password was made here, and not given */
export function greeting(address: Address, token: string, madePassword: boolean, seconds: number): string {
  const page = pageAt(address, address.port);
  const password = madePassword ? '`npm run credentials` shows it' : 'the one in TWOLANE_OPERATOR_PASSWORD';
  return [
    '',
    `  Twolane is ready after ${seconds.toFixed(1)} s.`,
    '',
    `  Try it       ${page}/?token=${token}   (the token works once)`,
    `  Operate it   ${pageAt(address, address.opsPort)}/ops   user admin, password: ${password}`,
    `  Call it      ${page}/docs`,
    '',
    '  Data stays in .stack/ for the next start. Ctrl-C stops everything.',
    '',
  ].join('\n');
}
