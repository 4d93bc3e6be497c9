/** The app that docs/library.md builds block by block, put together from them and run on the package as it is installed. */
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Program, Programs } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { repository, snippetsOf } from '../support/snippets.ts';
import { freshDatabase, testUrls, until } from '../support/stack.ts';

const page = 'docs/library.md';
const blocks = snippetsOf(page);
const [installation, ...others] = blocks.filter(({ language }) => language === 'ts').map(({ code }) => code);
/** What the page tells to type to start processes. */
const lines = blocks
  .flatMap(({ language, code }) => (language === 'sh' ? code.trim().split('\n') : []))
  .filter((line) => line.startsWith('npx twolane'));

/** What the page supposes that the app has. */
const before = `
import express from 'express';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { type Authorize, fromKysely } from 'twolane';
import { twolane, welcomeUser } from './twolane.ts';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const client = await pool.connect();
const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
const app = express();
const sessionOf = async (req) => ({ isStaff: req.get('x-staff') === 'yes', email: 'ana@example.org', mayOperate: true });
`;
const after = `
const server = app.listen(0, '127.0.0.1', () => console.log('listening on ' + server.address().port));
process.once('SIGTERM', () => {
  client.release();
  pool.end();
});
`;

/** The blocks in the page's order, but that what a block declares stands before its use; imports are made once. */
function program(): string {
  const declaresFirst = (code: string) => (/^const /m.test(code) && !/^await /m.test(code) ? 0 : 1);
  const ordered = [...others].sort((a, b) => declaresFirst(a) - declaresFirst(b));
  return [before, ...ordered.map((code) => code.replace(/^import .*\n/gm, '')), after].join('\n');
}

describe(page, () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  let pool: pg.Pool;
  let programs: Programs;
  let app: Program;
  let url: string;
  const started: Program[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    await pool.query('create table users (name text); create table letters (user_id text)');
    const { folder: installed } = await installedPackage();
    const folder = await mkdtemp(join(installed, 'library-'));
    await mkdir(join(folder, 'node_modules'));
    // Node 20 reads TypeScript by tsx, as the page says.
    for (const name of ['kysely', 'tsx'])
      await symlink(join(repository, 'node_modules', name), join(folder, 'node_modules', name));
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    await writeFile(join(folder, 'twolane.ts'), `${installation}`);
    await writeFile(join(folder, 'app.ts'), program());
    programs = new Programs({ ...testUrls(), DATABASE_URL: database.url });
    app = programs.start(folder, process.execPath, '--import', 'tsx', 'app.ts');
    url = `http://127.0.0.1:${(await app.says(/listening on (\d+)/))[1]}`;
    for (const line of lines) {
      const [, , ...args] = line.split(' ');
      started.push(programs.start(folder, join(installed, 'node_modules', '.bin', 'twolane'), ...args));
    }
  }, 180_000);
  afterAll(async () => {
    await programs?.stopAll();
    await pool?.end();
    await database?.drop();
  });

  test('enqueues plainly and in transactions of its own, and the worker of the page runs it all', async () => {
    expect(started).toHaveLength(2);
    const letters = async () => (await pool.query('select user_id from letters')).rows.map((row) => row.user_id);
    await until('three letters', async () => (await letters()).length >= 3, { timeoutMs: 60_000 }).catch((error) => {
      throw new Error([error.message, ...[app, ...started].map((one) => one.output())].join('\n'));
    });
    expect(await letters()).toEqual(['7', '7', '7']);
    expect((await pool.query('select name from users')).rows).toEqual([{ name: 'ana' }, { name: 'ana' }]);
  }, 90_000);

  test('mounts the API and the pages, for those whom its own sessions let in', async () => {
    expect((await fetch(`${url}/background/openapi.json`)).status).toBe(200);
    expect((await fetch(`${url}/background/v1/jobs`)).status).toBe(401);
    const pages = (staff: string) => fetch(`${url}/staff/jobs/api/session`, { headers: { 'x-staff': staff } });
    expect([(await pages('no')).status, (await pages('yes')).status]).toEqual([401, 200]);
  });

  test('ends by SIGTERM as the page says, and so do its processes', async () => {
    for (const { child } of [app, ...started]) child.kill('SIGTERM');
    const codes = () => [app, ...started].map(({ child }) => child.exitCode);
    await until('all have ended', () => codes().every((code) => code !== null), { timeoutMs: 30_000 });
    expect(codes()).toEqual([0, 0, 0]);
  }, 40_000);
});
