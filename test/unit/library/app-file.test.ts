/** The module in which an app makes its Twolane, as the command line and child processes load it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadApp } from '../../../src/app-file.ts';
import { loadConfig } from '../../../src/config.ts';
import { createTwolane, silentLogger } from '../../../src/index.ts';
import { layOver, refuseInChild } from '../../../src/overrides.ts';

const config = { DATABASE_URL: 'postgres://h/d', REDIS_URL: 'redis://h', AMQP_URL: 'amqp://h' };
const instance = '{ isolated() {}, enqueue() {} }';
let folder: string;

async function written(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twolane-app-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('An app file', () => {
  test.each([
    ['named.mjs', `export const twolane = ${instance};`],
    ['default.mjs', `export default ${instance};`],
    ['made.mjs', `export const createApp = (config) => Object.assign(${instance}, { config });`],
  ])('is understood: %s', async (name, text) => {
    const file = await written(name, text);
    expect(await loadApp(file, { config: loadConfig(config) })).toHaveProperty('enqueue');
    expect(await loadApp(pathToFileURL(file).href, { config: loadConfig(config) })).toHaveProperty('enqueue');
  });

  test('that exports no Twolane says what it needs', async () => {
    await expect(loadApp(await written('none.mjs', 'export default {};'))).rejects.toMatchObject({
      code: 'no_app',
      message: expect.stringContaining('export const twolane = createTwolane'),
    });
  });
});

describe('createTwolane', () => {
  test('reads no setting from the environment', async () => {
    process.env.TWOLANE_PREFIX = 'not-mine';
    try {
      const twolane = createTwolane({ config, catalog: {}, handlers: {}, logger: silentLogger });
      expect(twolane.config.TWOLANE_PREFIX).toBe('twolane');
      await twolane.close();
    } finally {
      delete process.env.TWOLANE_PREFIX;
    }
  });

  test('in a child process takes what the child lays over it, and refuses to start work there', async () => {
    const lanes = { realtime: { close: async () => {} }, bulk: { close: async () => {} } } as never;
    layOver({ lanes, logger: silentLogger });
    try {
      const twolane = createTwolane({ config, catalog: {}, handlers: {} });
      expect(twolane.logger).toBe(silentLogger);
      expect(() => twolane.worker()).toThrowError(expect.objectContaining({ code: 'app_starts_work' }));
      expect(() => refuseInChild('scheduler')).toThrow('starts a scheduler');
      await twolane.close();
    } finally {
      layOver({});
    }
  });
});
