/** Several installations in one database: the same SQL, each with schemas of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rewriterFor, schemaOf } from '../../../src/ledger/schema.ts';

const shop = rewriterFor('shop_twolane');
const source = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

describe('The schema of an installation', () => {
  test('follows from its prefix, and no two prefixes share one', () => {
    expect(schemaOf('twolane')).toBe('twolane');
    expect(schemaOf('shop')).toBe('shop_twolane');
    expect(schemaOf('my-shop')).toBe('my_shop_twolane');
    expect(schemaOf('social')).not.toBe('twolane_social');
  });

  test.each([
    ['select * from twolane.live l', 'select * from shop_twolane.live l'],
    ['select twolane.claim($1), twolane.time_of(id)', 'select shop_twolane.claim($1), shop_twolane.time_of(id)'],
    ['insert into twolane_social.posts (id)', 'insert into shop_twolane_social.posts (id)'],
    ["select to_regclass('twolane.live')", "select to_regclass('shop_twolane.live')"],
    ['listen "twolane.cancel"', 'listen "shop_twolane.cancel"'],
    // What an app writes in a transaction of ours stays as it is.
    ["insert into mails (sender) values ('me@twolane.com')", "insert into mails (sender) values ('me@twolane.com')"],
    ["values ('it''s twolane.live here')", "values ('it''s twolane.live here')"],
    ['select * from shop_twolane.live', 'select * from shop_twolane.live'],
    ['select * from my_twolane.jobs', 'select * from my_twolane.jobs'],
  ])('%s', (written, expected) => {
    expect(shop.statement(written)).toBe(expected);
    expect(shop.statement(expected)).toBe(expected);
  });

  test('nothing of a migration is left behind', () => {
    for (const folder of ['src/ledger/migrations', 'src/social/migrations']) {
      for (const name of readdirSync(source(folder))) {
        const sql = shop.migration(readFileSync(`${source(folder)}/${name}`, 'utf8').replace(/--.*$/gm, ''));
        expect(`${name}: ${sql.match(/.*(?<!shop_)\btwolane\b.*/)?.[0] ?? 'clean'}`).toBe(`${name}: clean`);
      }
    }
  });

  test('the usual one costs nothing', () => {
    const usual = rewriterFor('twolane');
    const queryable = { query: async () => ({ rows: [], rowCount: 0 }) };
    expect(usual.through(queryable)).toBe(queryable);
  });
});
