/** What docs/moving.md and the examples tell people to type: the commands and their options exist, the mappings resolve. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { defineJob } from '../../src/contract/index.ts';
import { resolveTasks, toJob } from '../../src/moving/celery/tasks.ts';
import { resolveFunctions } from '../../src/moving/gearman/functions.ts';
import { snippetsOf } from '../support/snippets.ts';

const root = join(import.meta.dirname, '../..');
const terminal = { columns: 80, colour: false, environment: {}, folder: root } as unknown as Terminal;

function typed(): string[] {
  const shown = snippetsOf('docs/moving.md').filter(({ language }) => language === 'sh');
  const scripts = ['from-bullmq', 'from-celery'].flatMap((name) => {
    const manifest = readFileSync(join(root, 'examples', name, 'after/package.json'), 'utf8');
    return Object.values<string>(JSON.parse(manifest).scripts);
  });
  const lines = [...shown.flatMap(({ code }) => code.split('\n')), ...scripts];
  return lines.filter((line) => line.startsWith('twolane '));
}

describe('What people are told to type', () => {
  it.each(typed())('%s', (line) => {
    const [, name, ...args] = line.split(/\s+/);
    const command = buildProgram(terminal).commands.find((one) => one.name() === name);
    expect(command?.parseOptions(args)).toEqual({ operands: [], unknown: [] });
  });

  it('has some', () => expect(typed().length).toBeGreaterThan(5));

  it('maps with files that resolve', async () => {
    const job = (type: string) => defineJob({ type, lane: 'bulk', queue: 'q', payload: z.any() });
    const catalog = Object.fromEntries(
      ['make-thumbnail', 'write-note', 'resize-banner', 'reverse-text'].map((type) => [type, job(type)]),
    );
    const files = snippetsOf('docs/moving.md').filter(({ code }) => code.includes('export default'));
    const [moved, functions] = await Promise.all(
      files.map(async ({ code }) => (await import(`data:text/javascript,${encodeURIComponent(code)}`)).default),
    );
    expect(resolveFunctions(catalog, functions).get('reverse')?.job.type).toBe('reverse-text');
    const task = { id: '1', retries: 0, rootId: null, parentId: null, eta: undefined, expires: undefined };
    const called = { ...task, name: 'tasks.make_thumbnail', args: ['7'], kwargs: {}, timeoutMs: undefined };
    expect(toJob(resolveTasks(catalog, moved), { ...called, priority: 0 })).toMatchObject({
      payload: { photoId: '7', width: 640 },
      options: { idempotencyKey: 'celery:1:0', priority: undefined },
    });
  });
});
