/** Operators log in with a password, stay known by a cookie and are let go. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operatorSessions } from '../../src/http/auth/operators.ts';
import { seedCredentials } from '../../src/http/auth/seed.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { migratedDatabase } from '../support/stack.ts';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const fresh = await migratedDatabase();
  drop = fresh.drop;
  database = openDatabase({ url: fresh.url });
  await seedCredentials(database, { TWOLANE_OPERATOR_PASSWORD: 'first-password' });
});

afterAll(async () => {
  await database?.close();
  await drop?.();
});

async function loggedIn(password = 'first-password') {
  const session = await operatorSessions({ db: database }).login('admin', password);
  if (!session) throw new Error('The login was refused');
  return session;
}

describe('an operator', () => {
  it('is let in with the right password only', async () => {
    const sessions = operatorSessions({ db: database });
    expect(await sessions.login('admin', 'wrong')).toBeUndefined();
    expect(await sessions.login('nobody', 'first-password')).toBeUndefined();
    const session = await sessions.login('admin', 'first-password');
    expect(await sessions.find(session?.cookie ?? '')).toEqual({ name: 'admin', csrf: session?.csrf });
  });

  it('is unknown after logging out', async () => {
    const sessions = operatorSessions({ db: database });
    const { cookie } = await loggedIn();
    expect(await sessions.find(cookie)).toBeDefined();
    await sessions.logout(cookie);
    expect(await sessions.find(cookie)).toBeUndefined();
  });

  it.each([
    ['idle for 8 hours', 'seen_at', '8 h'],
    ['logged in for 7 days', 'created_at', '7 d'],
  ])('is unknown after being %s', async (_what, column, age) => {
    const { cookie } = await loggedIn();
    await database.query(`update twolane.operator_sessions set ${column} = now() - $1::interval`, [age]);
    expect(await operatorSessions({ db: database }).find(cookie)).toBeUndefined();
  });

  it('has to wait after ten failures, even with the right password then', async () => {
    const sessions = operatorSessions({ db: database });
    for (let times = 0; times < 10; times += 1) await sessions.login('admin', 'guess');
    await expect(sessions.login('admin', 'first-password')).rejects.toMatchObject({
      status: 429,
      code: 'too_many_attempts',
    });
  });

  it('keeps sessions when the password is seeded again, loses them when it changed', async () => {
    const { cookie } = await loggedIn();
    await seedCredentials(database, { TWOLANE_OPERATOR_PASSWORD: 'first-password' });
    expect(await operatorSessions({ db: database }).find(cookie)).toBeDefined();
    await seedCredentials(database, { TWOLANE_OPERATOR_PASSWORD: 'second-password' });
    expect(await operatorSessions({ db: database }).find(cookie)).toBeUndefined();
    expect(await operatorSessions({ db: database }).login('admin', 'first-password')).toBeUndefined();
    expect(await loggedIn('second-password')).toBeDefined();
  });
});
