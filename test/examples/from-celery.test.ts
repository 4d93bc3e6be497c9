/** examples/from-celery: the app before, and after with one of its tasks moved, from the package as users install it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemPython } from '../../scripts/stack/needs.ts';
import { copyExample, Programs } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { freshDatabase, testUrls, until } from '../support/stack.ts';

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
    await programs.start(after, process.execPath, 'worker.js').says(/working/);
    const twolane = join(folder, '..', 'node_modules', '.bin', 'twolane');
    const taking = ['celery', '--app', './twolane.js', '--queue', 'to-twolane', '--map', './moved.js'];
    await programs.start(after, twolane, ...taking).says(/Taking Celery tasks/);
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
