/** The program without a Twolane: completion, usage errors, and files of a new job type. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { candidates } from '../../../src/cli/completing.ts';
import { buildProgram, runCommandLine } from '../../../src/cli/program.ts';
import { testTerminal } from '../../support/terminal.ts';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

async function run(line: string, given: Parameters<typeof testTerminal>[0] = {}) {
  const terminal = testTerminal(given);
  return { code: await runCommandLine(line.split(' ').filter(Boolean), terminal), terminal };
}

describe('The program', () => {
  test('describes every command and every option', () => {
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const shown = all(buildProgram(testTerminal())).filter((one) => one.name() !== 'complete');
    expect(shown.length).toBeGreaterThan(45);
    expect(shown.filter((one) => !one.description()).map((one) => one.name())).toEqual([]);
    const options = shown.flatMap((one) => one.options.map((option) => [one.name(), option.long, option.description]));
    expect(options.filter(([, , description]) => !description)).toEqual([]);
  });

  test.each(['jbos', 'jobs list --state lost', 'worker --lane fast', 'queues pause image', 'enqueue', 'jobs show'])(
    '`twolane %s` is a wrong use',
    async (line) => {
      const { code, terminal } = await run(line);
      expect({ code, stdout: terminal.stdout }).toEqual({ code: 2, stdout: '' });
      expect(terminal.stderr).toMatch(/^error: /);
    },
  );

  test('help is no error', async () => {
    const { code, terminal } = await run('jobs list --help', { columns: 80 });
    expect(code).toBe(0);
    expect(terminal.stdout).toMatch(/^Usage: twolane jobs list/);
  });

  test('without a key it says where one comes from, without servers which settings are missing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'twolane-cli-'));
    const jobs = await run('jobs list', { folder });
    expect({ code: jobs.code, said: jobs.terminal.stderr }).toMatchObject({
      code: 2,
      said: expect.stringContaining('TWOLANE_API_KEY'),
    });
    const worker = await run('worker', { folder });
    expect({ code: worker.code, said: worker.terminal.stderr }).toMatchObject({
      code: 2,
      said: expect.stringContaining('DATABASE_URL'),
    });
    expect((await run('credentials', { folder })).code).toBe(3);
    rmSync(folder, { recursive: true });
  });
});

describe('Completion', () => {
  const at = (...words: string[]) => candidates(buildProgram(testTerminal()), words);

  test('knows commands, options and choices', () => {
    expect(at('jo')).toEqual(['jobs']);
    expect(at('queues', '')).toEqual(['list', 'pause', 'resume']);
    expect(at('worker', '--lane', '')).toEqual(['realtime', 'bulk']);
    expect(at('jobs', 'list', '--st')).toEqual(['--state']);
    expect(at('jobs', 'list', '--limit', '5', '--state', 'de')).toEqual(['dead']);
    expect(at('completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(at('')).not.toContain('complete');
  });

  /** What a shell does with its script; the `twolane` that it asks answers nothing to `nothing`, else what it was asked. */
  const shells = [
    ['bash', [], `COMP_WORDS=(twolane jobs li) COMP_CWORD=2; _twolane; printf '%s|' "\${COMPREPLY[@]}"`],
    [
      'zsh',
      ['-f'],
      `compadd() { printf '%s|' "\${(P@)2}" }; _files() { printf 'files' }
       words=(twolane jobs li) CURRENT=3; _twolane; words=(twolane nothing) CURRENT=2; _twolane`,
    ],
    ['fish', ['--no-config'], `complete -C 'twolane jobs li' | string join '|'; complete -C 'twolane nothing te'`],
  ] as const;
  const offered = {
    bash: 'asked:jobs li|second|',
    zsh: 'asked:jobs li|second|files',
    // It leaves out by itself what has nothing of the word.
    fish: 'asked:jobs li\ntest.txt\n',
  };

  test.each(shells)('works in %s', async (shell, args, script) => {
    const { terminal } = await run(`completion ${shell}`);
    const folder = mkdtempSync(join(tmpdir(), `twolane-${shell}-`));
    const asked = '#!/bin/bash\nshift 2\n[ "$1" = nothing ] || printf "%s\\n" "asked:$*" "second"\n';
    writeFileSync(join(folder, 'twolane'), asked, { mode: 0o755 });
    writeFileSync(join(folder, 'test.txt'), '');
    const env = { ...process.env, HOME: folder, PATH: `${folder}:${process.env.PATH}` };
    const setUp = shell === 'zsh' ? 'compdef() { }; ' : '';
    const options = { cwd: folder, env, encoding: 'utf8' } as const;
    expect(execFileSync(shell, [...args, '-c', `${setUp}${terminal.stdout}\n${script}`], options)).toBe(offered[shell]);
    rmSync(folder, { recursive: true });
  });
});

describe('A new job', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'twolane-new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');

  test('in this repository: three files and two lines, formatted and sorted', async () => {
    for (const part of ['jobs', 'package.json', 'biome.json'])
      cpSync(join(repository, part), join(folder, part), { recursive: true });
    const { code, terminal } = await run('new job extract-hashtags --lane realtime --queue text', { folder });
    expect(code).toBe(0);
    expect(terminal.stdout.trim().split('\n')).toEqual([
      'jobs/realtime/extract-hashtags.job.ts',
      'jobs/realtime/extract-hashtags.handler.ts',
      'test/unit/jobs/extract-hashtags.test.ts',
      'jobs/catalog.ts',
      'jobs/handlers.ts',
    ]);
    expect(read('jobs/catalog.ts')).toContain("  'extract-hashtags': extractHashtags,\n");
    expect(read('jobs/handlers.ts')).toContain("    'extract-hashtags': extractHashtagsHandler,\n");
    const biome = join(repository, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    execFileSync(process.execPath, [biome, 'check', 'jobs', 'test'], { cwd: folder, stdio: 'pipe' });
    const again = await run('new job extract-hashtags --lane bulk', { folder });
    expect(again.code).toBe(4);
    expect(again.terminal.stderr).toContain('is there already; nothing was written');
  });

  test('in an app: next to the handler, from the package', async () => {
    writeFileSync(join(folder, 'package.json'), '{"name": "shop", "type": "module"}');
    mkdirSync(join(folder, 'src'));
    const head = "import { platformJobs } from 'twolane';\n\nexport const catalog = {\n  ...platformJobs,\n};\n\n";
    const tail = 'export const handlers = {\n};\n';
    writeFileSync(join(folder, 'src', 'jobs.ts'), head + tail);
    expect((await run('new job resize --lane bulk', { folder })).code).toBe(0);
    expect(read('src/jobs.ts')).toBe(
      "import { platformJobs } from 'twolane';\nimport { resizeHandler } from './jobs/bulk/resize.handler.ts';\n" +
        "import { resize } from './jobs/bulk/resize.job.ts';\n\nexport const catalog = {\n  resize,\n  ...platformJobs,\n};\n\n" +
        'export const handlers = {\n  resize: resizeHandler,\n};\n',
    );
    expect(read('src/jobs/bulk/resize.handler.ts')).toContain("from 'twolane';");
    expect(read('src/jobs/bulk/resize.test.ts')).toContain("import { createTestTwolane } from 'twolane/testing';");
  });

  test('elsewhere: what has to be there', async () => {
    const { code, terminal } = await run('new job resize --lane bulk', { folder });
    expect(code).toBe(2);
    expect(terminal.stderr).toContain('package.json');
    writeFileSync(join(folder, 'package.json'), '{"name": "shop", "type": "module"}');
    const lost = await run('new job resize --lane bulk', { folder });
    expect(lost.code).toBe(2);
    expect(lost.terminal.stderr).toMatch(/jobs\/catalog\.ts.*--catalog FILE/s);
    const wrong = await run('new job resize --lane bulk --catalog work/list.ts', { folder });
    expect(wrong.terminal.stderr).toContain('no work/list.ts');
    expect((await run('new job resize --lane bulk --handlers work/list.ts', { folder })).code).toBe(2);
  });

  test('in lists of other names: where they are', async () => {
    writeFileSync(join(folder, 'package.json'), '{"name": "shop", "type": "module"}');
    mkdirSync(join(folder, 'lib', 'work'), { recursive: true });
    writeFileSync(join(folder, 'lib/work/registry.ts'), 'export const shopJobs = {\n};\n');
    writeFileSync(join(folder, 'lib/run.ts'), 'export const handlers = {\n};\n');
    const line = 'new job resize --lane bulk --catalog lib/work/registry.ts --handlers lib/run.ts';
    expect((await run(line, { folder })).code).toBe(0);
    expect(read('lib/work/registry.ts')).toContain("import { resize } from './bulk/resize.job.ts';");
    expect(read('lib/run.ts')).toContain("import { resizeHandler } from './work/bulk/resize.handler.ts';");
  });
});
