/** examples/from-celery: the app before, and after with one of its tasks moved, from the package as users install it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemPython } from '../../scripts/stack/needs.ts';
import { copyExample, Programs, scriptsTypedIn } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { snippetsOf } from '../support/snippets.ts';
import { freshDatabase, testUrls, until } from '../support/stack.ts';

const readme = 'examples/from-celery/README.md';

/** Homebrew has no package of Celery. */
describe.skipIf(process.platform === 'darwin')('from Celery', () => {
  let folder: string;
  let programs: Programs;
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    folder = await copyExample('from-celery', (await installedPackage()).folder);
    database = await freshDatabase();
    programs = new Programs({ ...testUrls(), DATABASE_URL: database.url, OUT: folder });
  }, 320_000);
  afterAll(async () => {
    await programs?.stopAll();
    await database?.drop();
    const model = await connect(testUrls().AMQP_URL);
    const channel = await model.createChannel();
    for (const queue of ['celery', 'to-twolane', 'to-twolane.refused']) await channel.deleteQueue(queue);
    await model.close();
  });

  const made = async () => (await readFile(join(folder, 'made.txt'), 'utf8').catch(() => '')).trim().split('\n').sort();
  const python = (part: 'before' | 'after', ...args: string[]) =>
    programs.start(join(folder, part), systemPython, ...args);

  it('moves one task and leaves the other to Celery', async () => {
    const worker = python('before', '-m', 'celery', '-A', 'tasks', 'worker', '--pool', 'solo', '-l', 'INFO');
    await worker.says(/ready/);
    await python('before', 'ask.py', 'one', '320').says(/[0-9a-f-]{36}/);
    await until('Celery did both', async () => (await made()).length === 2);

    const after = join(folder, 'after');
    const { worker: working = [], tasks = [] } = scriptsTypedIn(readme, 'after/package.json');
    await programs.start(after, process.execPath, ...working.slice(1)).says(/working/);
    const twolane = join(folder, '..', 'node_modules', '.bin', 'twolane');
    await programs.start(after, twolane, ...tasks.slice(1)).says(/Taking Celery tasks/);
    // The page on moving shows the same line, and the README the switch as it stands in the app.
    expect(snippetsOf('docs/moving.md').some(({ code }) => code === `${tasks.join(' ')}\n`)).toBe(true);
    const [turn] = snippetsOf(readme).filter(({ language }) => language === 'python');
    expect(await readFile(join(after, 'tasks.py'), 'utf8')).toContain(turn?.code.trim());
    await python('after', 'ask.py', 'two', '640').says(/[0-9a-f-]{36}/);
    await until('both did their part', async () => (await made()).length >= 4);
    expect(await made()).toEqual([
      'celery made one 320',
      'celery noted one',
      'celery noted two',
      'twolane made two 640',
    ]);
  }, 120_000);
});
