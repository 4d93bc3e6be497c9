/** The page on the command line: its commands run, in their order, and print what the page shows. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, launch } from '../../scripts/stack/launch.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { exitCodes } from '../../src/cli/exit-codes.ts';
import { recycleExitCode } from '../../workers/exit-codes.ts';
import { type CliApp, startCliApp, wordsOf } from '../support/cli-app.ts';
import { convertFile } from '../support/cli-jobs.ts';
import { repository, snippetsOf } from '../support/snippets.ts';
import { until } from '../support/stack.ts';

const page = 'docs/cli.md';
const blocks = snippetsOf(page);
const printed = (beginning: string) => {
  const block = blocks.find(({ language, code }) => language === 'text' && code.includes(beginning));
  if (!block) throw new Error(`${page} shows no output with ${beginning}`);
  return block.code;
};

/** Lines without what differs from run to run: ids, numbers, times, widths. */
const shapeOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replace(/ \(Debian [^)]*\)/, '')
        .replace(/\b[0-9a-f]{16}\b/g, 'FINGERPRINT')
        .replace(/\b\d+ (?:ms|s|min|h|d) ago/g, 'AGO')
        .replace(/\d[\d.,]*/g, 'N')
        .replace(/\s+/g, ' '),
    );

describe(page, () => {
  let app: CliApp;
  beforeAll(async () => {
    app = await startCliApp();
    await app.twolane.enqueue(convertFile, { file: 'missing.jpg' });
    const dead = async () => (await app.twolane.operations.list({ state: 'dead' }, {})).items.length;
    await until('a job is dead', dead);
  });
  afterAll(() => app.stop());

  test('every command that it shows ends well', async () => {
    const shown = [...blocks, ...snippetsOf('docs/access.md').filter(({ code }) => code.startsWith('twolane '))];
    const commands = shown.filter(({ language }) => language === 'sh').flatMap(({ code }) => code.trim().split('\n'));
    expect(commands.length).toBeGreaterThan(20);
    for (const command of commands) {
      const { code, stderr } = await app.run(command.replace(/^twolane /, ''));
      expect({ command, code, stderr }).toMatchObject({ code: 0 });
    }
  });

  test('dead jobs are listed as it shows them', async () => {
    expect(shapeOf((await app.run('dead list')).stdout)).toEqual(shapeOf(printed('FINGERPRINT')));
  });

  test('doctor prints what it shows, a Redis that drops keys included', async () => {
    const port = await freePort();
    const args = ['--port', `${port}`, '--save', '', '--maxmemory-policy', 'allkeys-lru'];
    const redis = launch({ program: 'redis-server', args, log: '/dev/null' });
    try {
      const environment = { ...app.environment, REDIS_URL: `redis://127.0.0.1:${port}` };
      const examined = async () => {
        const { stdout } = await app.run('doctor', { environment });
        return stdout.includes('allkeys') && shapeOf(stdout);
      };
      const shown = await until('that Redis answers', examined);
      expect(shown).toEqual(expect.arrayContaining(shapeOf(printed('Redis eviction'))));
    } finally {
      redis.kill();
      await ended(redis);
    }
  });

  test('the workers that it starts are ready, and end on SIGTERM', { timeout: 60_000 }, async () => {
    mkdirSync(join(repository, '.stack'), { recursive: true });
    const folder = mkdtempSync(join(repository, '.stack', 'docs-cli-'));
    writeFileSync(join(folder, 'twolane.ts'), "export { createApp } from '../../test/support/cli-app-file.ts';\n");
    const lines = printed('twolane worker').trim().split('\n');
    expect(lines).toHaveLength(2);
    const endings = lines.map((line) => readyAndEnded(line.replace('twolane ', ''), folder));
    expect(await Promise.all(endings).finally(() => rmSync(folder, { recursive: true }))).toEqual([0, 0]);
  });

  /** Starts it in the folder. @returns its exit code after SIGTERM */
  async function readyAndEnded(line: string, folder: string): Promise<number> {
    const port = `${await freePort()}`;
    const main = join(repository, 'src/cli/main.ts');
    const args = ['--import', 'tsx', main, ...wordsOf(line.replace('8081', port))];
    const env = { ...process.env, ...app.environment, HEALTH_PORT: port };
    const child: ChildProcess = spawn(process.execPath, args, { cwd: folder, env, stdio: 'ignore' });
    const ready = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await until(`${line} is ready`, ready, { timeoutMs: 40_000 }).finally(() => child.kill('SIGTERM'));
    await ended(child);
    return child.exitCode ?? -1;
  }
});

test(`the exit codes of ${page} are those of the program`, () => {
  const text = readFileSync(join(repository, page), 'utf8');
  const documented = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(documented).toEqual([...new Set([...Object.values(exitCodes), recycleExitCode])].sort((a, b) => a - b));
});
