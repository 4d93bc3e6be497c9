/** The command line against a whole installation: what a person and a script would do, in their order. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/stack/ports.ts';
import { apiKey } from '../support/app.ts';
import { type CliApp, recordsOf, startCliApp } from '../support/cli-app.ts';
import { until } from '../support/stack.ts';

let app: CliApp;
beforeAll(async () => {
  app = await startCliApp();
});
afterAll(() => app.stop());

describe('Jobs on the command line', () => {
  test('one is enqueued, followed to its end, shown and found', async () => {
    const followed = await app.run(`enqueue extract-hashtags '{"caption": "Dawn at the #Sea"}' --key sea --follow`);
    expect(followed.code).toBe(0);
    expect(followed.stdout).toMatch(/succeeded\n\{\n {2}"tags": \[\n {4}"#sea"/);
    const id = followed.stdout.split(' ')[0] ?? '';
    const shown = await app.run(`jobs show ${id}`);
    expect(shown.stdout).toMatch(/State +succeeded\n/);
    expect(shown.stdout).toContain('"caption": "Dawn at the #Sea"');
    expect(recordsOf((await app.run(`jobs show ${id} --json`)).stdout)[0]).toMatchObject({ id, key: 'sea' });
    // Lines of a log are written in batches, a moment after the outcome.
    const logs = await until('its log is written', async () => (await app.run(`jobs logs ${id}`)).stdout);
    expect(logs).toMatch(/#1 Hashtags found \{"count":1\}\n$/);
    const listed = recordsOf((await app.run('jobs list --key sea --json')).stdout);
    expect(listed.map((job) => job.id)).toEqual([id]);
    expect((await app.run('jobs search key:sea state:succeeded')).stdout).toContain(id);
  });

  test('refusals have exit codes of their own and say what to do', async () => {
    const cases: [line: string, code: number, says: string][] = [
      ['jobs show 77', 3, 'There is no such job'],
      ['enqueue run-operation', 4, 'Only Twolane itself'],
      ['enqueue extract-hashtags {"caption":7}', 2, '/payload/caption'],
      ['enqueue extract-hashtags {caption}', 2, 'is no JSON'],
      ['enqueue extract-hashtags @nowhere.json', 2, "can't be read"],
      [`jobs list --url http://127.0.0.1:${await freePort()}`, 5, "can't be reached: ECONNREFUSED"],
    ];
    for (const [line, code, says] of cases) {
      const ended = await app.run(line);
      expect({ line, code: ended.code, stdout: ended.stdout }).toEqual({ line, code, stdout: '' });
      expect(ended.stderr).toContain(says);
    }
    const environment = { TWOLANE_URL: app.url, TWOLANE_API_KEY: 'a-key-that-nobody-has-given-out-ever' };
    const stranger = await app.run('queues list', { environment });
    expect({ code: stranger.code, said: stranger.stderr }).toMatchObject({
      code: 4,
      said: expect.stringContaining('TWOLANE_API_KEY'),
    });
  });

  test('a scheduled one is cancelled; a second cancel is refused, and the others are done all the same', async () => {
    const [one, two] = await Promise.all(
      [1, 2].map(() => app.client.enqueue('convert-file', { file: 'a' }, { delayMs: 600_000 })),
    );
    expect((await app.run(`jobs cancel ${one?.id}`)).stdout).toMatch(/cancelled\n$/);
    const again = await app.run(`jobs cancel ${one?.id} ${two?.id}`);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain('it has ended already');
    expect(again.stdout).toBe(`${two?.id}  cancelled\n`);
    expect((await app.run(`jobs follow ${two?.id}`)).code).toBe(1);
  });

  test('--limit tells that there is more; a narrow terminal gets a narrow table', async () => {
    const listed = await app.run('jobs list --limit 2', { columns: 60 });
    expect(listed.stdout.trim().split('\n')).toHaveLength(3);
    for (const line of listed.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(listed.stderr).toContain('--limit');
  });
});

describe('Dead jobs and operations on the command line', () => {
  test('are grouped, previewed, redriven with a progress bar, edited and discarded', async () => {
    const jobs = await app.client.enqueueMany(
      [1, 2, 3].map((n) => ({ type: 'convert-file', payload: { file: `missing-${n}` } })),
    );
    await until('they are dead', async () => (await app.client.get('/v1/dead')).items[0]?.count === 3);
    const [group] = recordsOf((await app.run('dead list --json')).stdout);
    expect(group).toMatchObject({ type: 'convert-file', count: 3 });
    const filter = `--fingerprint ${group.fingerprint}`;
    expect((await app.run(`dead redrive ${filter} --dry-run`)).stdout).toMatch(/^3 dead jobs fit\.\n\nID/);
    const unsure = await app.run(`dead redrive ${filter}`);
    expect({ code: unsure.code, said: unsure.stderr }).toEqual({
      code: 2,
      said: 'This would redrive 3 dead jobs; --yes says that it may.\n',
    });
    expect((await app.run('dead redrive --yes')).stderr).toContain('Which jobs?');
    expect((await app.run('dead redrive --type notify --yes')).code).toBe(3);

    // They die again, so the first stage stops it.
    const redriven = await app.run(`dead redrive ${filter} --yes --stages 1,all`, { live: true, columns: 100 });
    expect(redriven.code).toBe(1);
    expect(redriven.stdout).toMatch(/Status +stopped/);
    // How often it is drawn depends on how fast the stage dies.
    expect(redriven.stderr).toMatch(/(running|waiting) \d/);
    expect(redriven.stderr.endsWith('\r\u001b[K')).toBe(true);
    const [operation] = recordsOf((await app.run('operations list --json')).stdout);
    expect((await app.run(`operations show ${operation.id}`)).stdout).toContain('DEAD AGAIN');
    expect((await app.run(`operations abort ${operation.id}`)).code).toBe(4);

    await until('all are dead again', async () => (await app.client.get('/v1/dead')).items[0]?.count === 3);
    const editor = editorThatWrites({ file: 'found' });
    const edited = await app.run(`dead edit ${jobs[0]?.id}`, { environment: { ...keyed(), EDITOR: editor.command } });
    editor.remove();
    expect({ code: edited.code, said: edited.stderr }).toEqual({ code: 0, said: '' });
    expect(await app.client.finished(jobs[0]?.id ?? '')).toMatchObject({
      state: 'succeeded',
      payload: { file: 'found' },
    });

    const discarded = await app.run('dead discard --type convert-file --yes --json');
    expect(recordsOf(discarded.stdout).at(-1)).toMatchObject({ action: 'discard', status: 'done', moved: 2 });
    expect((await app.run('dead list')).stderr).toBe('No job is dead.\n');
    const { id } = recordsOf(discarded.stdout).at(-1);
    expect((await app.run(`operations undo ${id}`)).code).toBe(0);
    expect((await app.run(`operations follow ${id}`)).stdout).toMatch(/Undone +2/);
    expect((await app.run(`jobs retry ${jobs[1]?.id} --payload '{"file": "found"}'`)).stdout).toMatch(
      /(waiting|queued)\n$/,
    );
    expect(await app.client.finished(jobs[1]?.id ?? '')).toMatchObject({ state: 'succeeded' });
  });
});

const keyed = () => ({ TWOLANE_URL: app.url, TWOLANE_API_KEY: apiKey, PATH: process.env.PATH });

function editorThatWrites(payload: object) {
  const folder = mkdtempSync(join(tmpdir(), 'twolane-editor-'));
  const file = join(folder, 'edit.sh');
  writeFileSync(file, `#!/bin/sh\necho '${JSON.stringify(payload)}' > "$1"\n`, { mode: 0o755 });
  return { command: file, remove: () => rmSync(folder, { recursive: true }) };
}

describe('Switches and schedules on the command line', () => {
  test('queues, types and keys are paused and resumed', async () => {
    expect((await app.run('queues pause bulk/files')).stdout).toBe('bulk/files  paused\n');
    expect((await app.run('queues list')).stdout).toMatch(/bulk\/files +paused/);
    expect((await app.run('queues resume bulk/files')).stdout).toBe('bulk/files  open\n');
    expect((await app.run('queues pause bulk/nothing')).code).toBe(3);
    expect((await app.run('types pause convert-file')).code).toBe(0);
    expect((await app.run('types list')).stdout).toMatch(/convert-file .* paused/);
    expect((await app.run('types resume convert-file')).code).toBe(0);
    expect((await app.run('keys pause post:7')).stdout).toBe('post:7  paused\n');
    expect(recordsOf((await app.run('keys list --json')).stdout)).toMatchObject([{ kind: 'key', name: 'post:7' }]);
    expect((await app.run('keys resume post:7')).code).toBe(0);
  });

  test('workers are listed, and one that is not there can not be drained', async () => {
    const workers = recordsOf((await app.run('workers list --json')).stdout);
    expect((await app.run('workers list')).stdout).toMatch(workers.length > 0 ? /RUNNING/ : /No worker is alive/);
    expect((await app.run('workers drain 999999999')).code).toBe(3);
  });

  test('a schedule is made, changed in part, run, paused and deleted', async () => {
    const made = await app.run(`schedules set tidy --type convert-file --every 10m --payload '{"file": "a"}' --json`);
    expect(recordsOf(made.stdout)[0]).toMatchObject({ everyMs: 600_000, cron: null, payload: { file: 'a' } });
    const changed = await app.run(`schedules set tidy --cron '30 2 * * 1-5' --time-zone Europe/Berlin --json`);
    expect(recordsOf(changed.stdout)[0]).toMatchObject({ everyMs: null, cron: '30 2 * * 1-5', payload: { file: 'a' } });
    expect((await app.run('schedules show tidy')).stdout).toMatch(/Cron +30 2 \* \* 1-5 \(Europe\/Berlin\)/);
    expect((await app.run('schedules set other --type convert-file')).code).toBe(2);
    const [id = ''] = (await app.run('schedules run tidy')).stdout.split(' ');
    expect(await app.client.finished(id)).toMatchObject({ state: 'succeeded' });
    expect((await app.run('schedules pause tidy')).stdout).toMatch(/State +paused/);
    expect((await app.run('schedules resume tidy')).stdout).toMatch(/State +active/);
    expect((await app.run('schedules delete tidy')).stdout).toBe('tidy  deleted\n');
    expect((await app.run('schedules show tidy')).code).toBe(3);
    expect((await app.run('schedules list')).stdout).toMatch(/nightly +active/);
  });
});
