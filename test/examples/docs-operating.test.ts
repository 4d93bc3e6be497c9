/** What docs/operating.md tells operators to type, on the package as it is installed and on a database of one's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { type Program, Programs } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { snippetsOf } from '../support/snippets.ts';
import { freshDatabase, freshPrefix, testUrls, until } from '../support/stack.ts';

const page = 'docs/operating.md';
const blocks = snippetsOf(page);
const only = (language: string) =>
  blocks
    .find((block) => block.language === language)
    ?.code.trim()
    .split('\n') ?? [];

describe(page, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let programs: Programs;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(async () => {
    await programs?.stopAll();
    await database?.drop();
  });

  test('starts a process of production by what it exports and runs', { timeout: 90_000 }, async () => {
    const [build = '', exported = '', start = '', ...rest] = only('sh');
    expect(rest).toEqual([]);
    const { folder } = await installedPackage();
    const twolane = join(folder, 'node_modules', 'twolane');
    const { scripts } = JSON.parse(readFileSync(join(twolane, 'package.json'), 'utf8'));
    // That is what filled the package's dist/.
    expect(`npm run ${Object.keys(scripts).find((name) => name === 'build')}`).toBe(build);
    const given: Record<string, string> = { ...testUrls(), DATABASE_URL: database.url, TWOLANE_FILES_DIR: folder };
    const named = [...exported.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [
      name,
      given[name] ?? value,
    ]);
    expect(named.flat()).not.toContain('…');
    const port = `${await freePort()}`;
    const own = { TWOLANE_PREFIX: freshPrefix(), PORT: port, LOG_LEVEL: 'error' };
    programs = new Programs({ ...Object.fromEntries(named), ...own });
    const [command = '', ...args] = start.split(' ');
    const program: Program = programs.start(twolane, command, ...args);
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until('the API is ready', ready, { timeoutMs: 60_000 }).catch((error) => {
      throw new Error(`${error.message}: ${program.output()}`);
    });
  });

  test('sets the role up for PgBouncer', async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const role = `of_${freshPrefix()}`;
      await client.query(`begin; create role ${role}`);
      await client.query(only('sql').join('\n').replaceAll('role twolane', `role ${role}`));
      const { rows } = await client.query('select rolconfig from pg_roles where rolname = $1', [role]);
      expect(rows[0].rolconfig).toHaveLength(3);
      await client.query('rollback');
    } finally {
      await client.end();
    }
  });
});
