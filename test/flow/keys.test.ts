/** API keys at several processes: rotated with overlap, limited for all of them together. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../src/contract/index.ts';
import { createKeyRates, waitOf } from '../../src/http/auth/key-rates.ts';
import { addApiKey, listApiKeys, removeApiKey, rotateApiKey, setApiKey } from '../../src/http/auth/keys.ts';
import { sha256 } from '../../src/http/auth/secret.ts';
import { createTokens } from '../../src/http/auth/tokens.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { migratedDatabase, until } from '../support/stack.ts';

let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  const fresh = await migratedDatabase();
  drop = fresh.drop;
  database = openDatabase({ url: fresh.url });
});

afterAll(async () => {
  await database?.close();
  await drop?.();
});

/** As a process sees it that has not seen the key yet. */
const find = (key: string) => createTokens(database).find(key);

describe('an API key', () => {
  it('is known by its hash and by how it begins, and notes that it was used', async () => {
    const key = await addApiKey(database, { name: 'shop', scopes: ['jobs:write'], ratePerMinute: 60 });
    expect(key).toMatch(/^tl_[\w-]{43}$/);
    expect(await find(key)).toMatchObject({ kind: 'key', name: 'shop', scopes: ['jobs:write'], ratePerMinute: 60 });
    const [listed] = await listApiKeys(database);
    expect(listed).toMatchObject({ hint: key.slice(0, 9), usedAt: expect.any(String), overlapUntil: null });
    const { rows } = await database.query('select k::text as row from twolane.api_keys k');
    expect(rows[0]?.row).toContain(sha256(key).toString('hex'));
    expect(rows[0]?.row).not.toContain(key.slice(10));
  });

  it('has two values after a rotation until the overlap is over, and never three', async () => {
    const first = await addApiKey(database, { name: 'turning', scopes: ['*'] });
    const second = await rotateApiKey(database, 'turning', 60_000);
    expect(await find(first)).toMatchObject({ name: 'turning', expiresAt: expect.any(Date) });
    expect(await find(second)).toMatchObject({ name: 'turning', expiresAt: null });
    const third = await rotateApiKey(database, 'turning', 60_000);
    expect([await find(first), (await find(second))?.name]).toEqual([undefined, 'turning']);
    await database.query("update twolane.api_keys set previous_until = now() where name = 'turning'");
    expect([await find(second), (await find(third))?.name]).toEqual([undefined, 'turning']);
    await expect(rotateApiKey(database, 'nobody', 0)).rejects.toMatchObject({ code: 'not_found' });
    await setApiKey(database, 'turning', 'a value of my own choice, long enough', ['*']);
    expect((await listApiKeys(database)).find(({ name }) => name === 'turning')).toMatchObject({ hint: null });
    expect(await find(third)).toBeUndefined();
  });

  it('is unknown to a process that knew it, at most 5 s after it was removed', async () => {
    const key = await addApiKey(database, { name: 'gone', scopes: ['*'] });
    const { find: known } = createTokens(database);
    const later = vi.spyOn(Date, 'now');
    expect((await known(key))?.name).toBe('gone');
    await removeApiKey(database, 'gone');
    later.mockReturnValue(Date.now() + 5_000);
    expect(await known(key)).toBeUndefined();
    later.mockRestore();
  });

  it('is limited over all processes together', async () => {
    const processes = [createKeyRates(database, silentLogger), createKeyRates(database, silentLogger)];
    const limit = 40;
    let admitted = 0;
    const tryAll = () =>
      processes.map(({ admit }) => {
        try {
          admit('busy', limit);
          admitted += 1;
          return undefined;
        } catch (error) {
          return error;
        }
      });
    await until('both processes refuse', async () => {
      const refusals = tryAll();
      return refusals.every((error) => error !== undefined) ? refusals : undefined;
    });
    // Each knows of the other's calls half a second late; alone each would have let 40 through.
    expect(admitted).toBeGreaterThanOrEqual(limit);
    expect(admitted).toBeLessThan(2 * limit);
    const [{ sum } = { sum: 0 }] = (
      await database.query<{ sum: number }>('select sum(calls)::int as sum from twolane.key_calls')
    ).rows;
    expect(sum).toBeLessThanOrEqual(admitted);
    const [refusal] = tryAll();
    expect(refusal).toMatchObject({
      status: 429,
      code: 'rate_limited',
      headers: { 'retry-after': expect.any(String) },
    });
  });

  it.each([
    ['nothing was called', { present: 0, before: 0, untold: 0 }, 0, 0],
    ['one is left', { present: 5, before: 0, untold: 4 }, 30, 0],
    ['the minute before counts by its share', { present: 0, before: 20, untold: 0 }, 0, 30],
    ['of which enough is over', { present: 0, before: 20, untold: 0 }, 31, 0],
    ['the limit is used up: the next minute has to begin', { present: 10, before: 0, untold: 0 }, 20, 40],
    ['twice the limit: half of the next minute, too', { present: 20, before: 0, untold: 0 }, 20, 70],
  ])('of ten calls a minute, when %s, waits', (_what, counts, atS, waitS) => {
    expect(waitOf({ ...counts, minuteAt: 0 }, 10, atS * 1_000)).toBe(waitS);
  });
});
