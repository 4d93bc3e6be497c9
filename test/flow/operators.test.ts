/** Operators log in with a password, stay known by a cookie and are let go. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { roles } from '../../src/contract/permissions.ts';
import { operatorSessions } from '../../src/http/auth/operator-sessions.ts';
import { addOperator, changeOperator, listOperators, removeOperator } from '../../src/http/auth/operators.ts';
import { sha256 } from '../../src/http/auth/secret.ts';
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

describe('an operator', { tags: ['security'] }, () => {
  it('is let in with the right password only', async () => {
    const sessions = operatorSessions({ db: database });
    expect(await sessions.login('admin', 'wrong')).toBeUndefined();
    expect(await sessions.login('nobody', 'first-password')).toBeUndefined();
    const session = await sessions.login('admin', 'first-password');
    expect(await sessions.find(session?.cookie ?? '')).toEqual({
      ...{ name: 'admin', csrf: session?.csrf, role: 'admin', permissions: roles.admin },
    });
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

  it('has to wait after ten failures in all processes together, even with the right password then', async () => {
    const [here, there] = [operatorSessions({ db: database }), operatorSessions({ db: database })];
    const guesses = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? here : there).login('admin', 'guess'));
    const answers = await Promise.allSettled(guesses);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const sessions of [here, there])
      await expect(sessions.login('admin', 'first-password')).rejects.toMatchObject({
        status: 429,
        code: 'too_many_attempts',
        headers: { 'retry-after': expect.stringMatching(/^(60|5\d)$/) },
      });
    // Names may be what somebody mistook for the field of the password.
    const counted = async () => (await database.query('select name from twolane.log_in_tries')).rows;
    expect(await counted()).toContainEqual({ name: sha256('admin') });
    await database.query("update twolane.log_in_tries set until = now() - interval '1 ms'");
    await loggedIn();
    expect(await counted()).toEqual([]);
  });

  it('changes his own password by the old one, and stays while his other sessions end', async () => {
    await addOperator(database, { name: 'zoe', role: 'viewer', password: 'zoes-password' });
    const sessions = operatorSessions({ db: database });
    const enter = async (password: string) => (await sessions.login('zoe', password))?.cookie ?? '';
    const [here, there] = [await enter('zoes-password'), await enter('zoes-password')];
    const change = (old: string) => sessions.changePassword('zoe', { old, next: 'zoes-new-one' }, here);
    await expect(change('a guess')).rejects.toMatchObject({ status: 422, code: 'wrong_password' });
    expect(await enter('zoes-password')).not.toBe('');
    await change('zoes-password');
    expect(await enter('zoes-password')).toBe('');
    expect(await enter('zoes-new-one')).not.toBe('');
    const fresh = operatorSessions({ db: database });
    expect([(await fresh.find(here))?.name, await fresh.find(there)]).toEqual(['zoe', undefined]);
    for (let n = 0; n < 10; n += 1) await expect(change('a guess')).rejects.toMatchObject({ code: 'wrong_password' });
    await expect(change('zoes-new-one')).rejects.toMatchObject({ code: 'too_many_attempts' });
    await removeOperator(database, 'zoe');
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

  it('loses every session with a new role or a new password, and is gone when removed', async () => {
    const fresh = () => operatorSessions({ db: database });
    const enter = async (password: string) => (await fresh().login('mia', password))?.cookie ?? '';
    await addOperator(database, { name: 'mia', role: 'viewer', password: 'mias-password' });
    await expect(addOperator(database, { name: 'mia', role: 'admin', password: 'another-one' })).rejects.toMatchObject({
      code: 'name_taken',
    });
    const [here, there] = [await enter('mias-password'), await enter('mias-password')];
    expect(await fresh().find(here)).toMatchObject({ name: 'mia', role: 'viewer', permissions: roles.viewer });
    await changeOperator(database, 'mia', { role: 'operator' });
    for (const cookie of [here, there]) expect(await fresh().find(cookie)).toBeUndefined();
    const again = await enter('mias-password');
    expect(await fresh().find(again)).toMatchObject({ role: 'operator' });
    await changeOperator(database, 'mia', { password: 'a-new-password' });
    expect(await fresh().find(again)).toBeUndefined();
    expect(await enter('mias-password')).toBe('');
    const last = await enter('a-new-password');
    expect((await listOperators(database)).map(({ name, role }) => [name, role])).toEqual([
      ['admin', 'admin'],
      ['mia', 'operator'],
    ]);
    await removeOperator(database, 'mia');
    expect(await fresh().find(last)).toBeUndefined();
    await expect(changeOperator(database, 'mia', { role: 'admin' })).rejects.toMatchObject({ code: 'not_found' });
  });
});
