/** examples/from-bullmq: the app before, the app after, and the way between them, from the package as users install it. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { copyExample, Programs, scriptsTypedIn } from '../support/example.ts';
import { caller } from '../support/http.ts';
import { installedPackage } from '../support/installed.ts';
import { snippetsOf } from '../support/snippets.ts';
import { freshDatabase, testUrls, until } from '../support/stack.ts';

let folder: string;
let programs: Programs;
let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  folder = await copyExample('from-bullmq', (await installedPackage()).folder);
  database = await freshDatabase();
  programs = new Programs({ ...testUrls(), DATABASE_URL: database.url, OUT: folder, PORT: '0' });
}, 320_000);
afterAll(async () => {
  await programs?.stopAll();
  await database?.drop();
});

const made = async () => (await readFile(join(folder, 'made.txt'), 'utf8').catch(() => '')).trim().split('\n').sort();
const twolane = () => join(folder, '..', 'node_modules', '.bin', 'twolane');
/** The line of docs/moving.md that holds the text. */
const typed = (text: string) =>
  snippetsOf('docs/moving.md')
    .flatMap(({ code }) => code.split('\n'))
    .find((line) => line.includes(text)) ?? '';
const words = (line: string) => line.split(' ').slice(1);
const run = (part: 'before' | 'after', file: string) => programs.start(join(folder, part), process.execPath, file);

async function server(part: 'before' | 'after') {
  const [, port] = await run(part, 'server.js').says(/listening (\d+)/);
  const call = caller(`http://127.0.0.1:${port}`);
  return {
    ask: async (id: string) => (await call('POST', `/photos/${id}/thumbnail`, { body: { width: 640 } })).status,
    look: async (id: string) => (await call('GET', `/photos/${id}/thumbnail`)).json,
  };
}

it('moves from BullMQ to Twolane while producers of both kinds go on', async () => {
  for (const file of ['server.js', 'thumbnail.js'])
    expect(await readFile(join(folder, 'after', file), 'utf8')).toBe(
      await readFile(join(folder, 'before', file), 'utf8'),
    );

  const old = await server('before');
  const worker = run('before', 'worker.js');
  expect(await old.ask('one')).toBe(202);
  await until('the old worker made it', async () => (await old.look('one')).state === 'completed');
  await worker.stop();
  expect([await old.ask('two'), await old.ask('two')]).toEqual([202, 202]);
  expect(await old.look('two')).toEqual({ state: 'prioritized' });

  await run('after', 'worker.js').says(/working/);
  const [, ...bridge] = scriptsTypedIn('examples/from-bullmq/README.md', 'after/package.json')['old-queue'] ?? [];
  // The page on moving shows the same line.
  expect(snippetsOf('docs/moving.md').some(({ code }) => code.startsWith(`twolane ${bridge.join(' ')}\n`))).toBe(true);
  const first = programs.start(join(folder, 'after'), twolane(), ...bridge);
  await first.says(/Taking BullMQ jobs/);
  const present = await server('after');
  expect([await present.ask('three'), await present.ask('three')]).toEqual([202, 202]);
  expect(await old.ask('four')).toBe(202);
  await until('all are made', async () => (await made()).length >= 4);
  await until('the new server tells so', async () => (await present.look('three')).state === 'completed');
  expect(await present.look('three')).toEqual({ state: 'completed', file: 'three-640.webp' });
  expect(await made()).toEqual(['four 640', 'one 640', 'three 640', 'two 640']);
  await first.stop();
}, 120_000);

it('takes jobs by the other commands of the page on moving', async () => {
  await writeFile(join(folder, 'after', 'jobs-map.js'), "export default { 'make-thumbnail': 'make-thumbnail' };\n");
  const old = await server('before');
  expect(await old.ask('five')).toBe(202);
  const mapped = typed('--map ./jobs-map.js').replace('redis://old-host:6379', testUrls().REDIS_URL);
  await programs.start(join(folder, 'after'), twolane(), ...words(mapped)).says(/Taking BullMQ jobs/);

  const port = `${await freePort()}`;
  const door = typed('twolane gearman').replace('4730', port);
  await programs.start(join(folder, 'after'), twolane(), ...words(door)).says(/gearman/i);
  const payload = JSON.stringify({ photoId: 'six', width: 640 });
  await promisify(execFile)('gearman', ['-p', port, '-b', '-f', 'make-thumbnail', payload]);
  await until('all are made', async () => (await made()).length >= 6);
  expect(await made()).toEqual(expect.arrayContaining(['five 640', 'six 640']));
}, 60_000);
