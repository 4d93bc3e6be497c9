/** The command line and the client against a whole installation: what a person and a script would do, in their order. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientTypes, clientTypesFile } from '../../scripts/client-types.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { createClient, ProblemError, type TwolaneClient, UnreachableError } from '../../src/client/index.ts';
import { apiKey } from '../support/app.ts';
import { type CliApp, startCliApp } from '../support/cli-app.ts';
import { convertFile } from '../support/cli-jobs.ts';
import { until } from '../support/stack.ts';

let app: CliApp;
let client: TwolaneClient;
const json = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  app = await startCliApp();
  client = createClient({ url: app.url, key: apiKey });
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
    expect(json((await app.run(`jobs show ${id} --json`)).stdout)[0]).toMatchObject({ id, key: 'sea' });
    // Lines of a log are written in batches, a moment after the outcome.
    const logs = await until('its log is written', async () => (await app.run(`jobs logs ${id}`)).stdout);
    expect(logs).toMatch(/#1 Hashtags found \{"count":1\}\n$/);
    const listed = json((await app.run('jobs list --key sea --json')).stdout);
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
      [1, 2].map(() => client.enqueue('convert-file', { file: 'a' }, { delayMs: 600_000 })),
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
    const jobs = await client.enqueueMany(
      [1, 2, 3].map((n) => ({ type: 'convert-file', payload: { file: `missing-${n}` } })),
    );
    await until('they are dead', async () => (await client.get('/v1/dead')).items[0]?.count === 3);
    const [group] = json((await app.run('dead list --json')).stdout);
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
    const [operation] = json((await app.run('operations list --json')).stdout);
    expect((await app.run(`operations show ${operation.id}`)).stdout).toContain('DEAD AGAIN');
    expect((await app.run(`operations abort ${operation.id}`)).code).toBe(4);

    await until('all are dead again', async () => (await client.get('/v1/dead')).items[0]?.count === 3);
    const editor = editorThatWrites({ file: 'found' });
    const edited = await app.run(`dead edit ${jobs[0]?.id}`, { environment: { ...keyed(), EDITOR: editor.command } });
    editor.remove();
    expect({ code: edited.code, said: edited.stderr }).toEqual({ code: 0, said: '' });
    expect(await client.finished(jobs[0]?.id ?? '')).toMatchObject({ state: 'succeeded', payload: { file: 'found' } });

    const discarded = await app.run('dead discard --type convert-file --yes --json');
    expect(json(discarded.stdout).at(-1)).toMatchObject({ action: 'discard', status: 'done', moved: 2 });
    expect((await app.run('dead list')).stderr).toBe('No job is dead.\n');
    const { id } = json(discarded.stdout).at(-1);
    expect((await app.run(`operations undo ${id}`)).code).toBe(0);
    expect((await app.run(`operations follow ${id}`)).stdout).toMatch(/Undone +2/);
    expect((await app.run(`jobs retry ${jobs[1]?.id} --payload '{"file": "found"}'`)).stdout).toMatch(
      /(waiting|queued)\n$/,
    );
    expect(await client.finished(jobs[1]?.id ?? '')).toMatchObject({ state: 'succeeded' });
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
    expect(json((await app.run('keys list --json')).stdout)).toMatchObject([{ kind: 'key', name: 'post:7' }]);
    expect((await app.run('keys resume post:7')).code).toBe(0);
  });

  test('a schedule is made, changed in part, run, paused and deleted', async () => {
    const made = await app.run(`schedules set tidy --type convert-file --every 10m --payload '{"file": "a"}' --json`);
    expect(json(made.stdout)[0]).toMatchObject({ everyMs: 600_000, cron: null, payload: { file: 'a' } });
    const changed = await app.run(`schedules set tidy --cron '30 2 * * 1-5' --time-zone Europe/Berlin --json`);
    expect(json(changed.stdout)[0]).toMatchObject({ everyMs: null, cron: '30 2 * * 1-5', payload: { file: 'a' } });
    expect((await app.run('schedules show tidy')).stdout).toMatch(/Cron +30 2 \* \* 1-5 \(Europe\/Berlin\)/);
    expect((await app.run('schedules set other --type convert-file')).code).toBe(2);
    const [id = ''] = (await app.run('schedules run tidy')).stdout.split(' ');
    expect(await client.finished(id)).toMatchObject({ state: 'succeeded' });
    expect((await app.run('schedules pause tidy')).stdout).toMatch(/State +paused/);
    expect((await app.run('schedules resume tidy')).stdout).toMatch(/State +active/);
    expect((await app.run('schedules delete tidy')).stdout).toBe('tidy  deleted\n');
    expect((await app.run('schedules show tidy')).code).toBe(3);
    expect((await app.run('schedules list')).stdout).toMatch(/nightly +active/);
  });
});

describe('Commands that talk to the servers', () => {
  test('check-backlog finds what this code could not read, and says it by type and version', async () => {
    await client.enqueue('convert-file', { file: 'a' }, { delayMs: 600_000 });
    // What an older release could have left behind: a type of its own, a shape of its own, a newer version.
    const { id } = await app.twolane.enqueue(convertFile, { file: 'b' }, { delayMs: 600_000 });
    await app.twolane.database.query(`update twolane.jobs set payload = '{"path": "b"}' where id = $1`, [id]);
    const bad = await app.spawn('check-backlog --json --app test/support/cli-app-file.ts');
    expect(bad.code).toBe(1);
    const report = json(bad.stdout).find(({ type }) => type === 'convert-file');
    expect(report).toMatchObject({ version: 1, unreadable: 1, sampleId: id, why: expect.stringContaining('/file') });
    expect(bad.stderr).toContain("1 payloads can't be read");
    const stranger = await app.run('check-backlog');
    expect(stranger.stdout).toMatch(/convert-file +1 +(\d+) +\1 .*this code has no such job type/);
    await app.run(`jobs cancel ${id}`);
  });

  test('doctor is content here, and names the cure where something is wrong', async () => {
    const well = await app.run('doctor');
    expect(well.stdout).toMatch(/✔ RabbitMQ alarms +none/);
    expect(well.stdout).toMatch(/✔ Redis eviction +noeviction/);
    expect(well.stdout).toMatch(/✔ Migrations +all \d+ applied/);
    // The servers of tests trade safety for speed, and doctor sees it.
    expect(well.stdout).toMatch(/✘ Durability +fsync, full_page_writes off[^\n]*\n +→ Set fsync = on/);
    const sick = await app.run('doctor --json', {
      environment: { ...app.environment, REDIS_URL: 'redis://127.0.0.1:1', TWOLANE_LEASE_MS: '2000' },
    });
    expect(sick.code).toBe(1);
    expect(json(sick.stdout)).toContainEqual(
      expect.objectContaining({ check: 'Redis', level: 'fault', cure: expect.stringContaining('REDIS_URL') }),
    );
    expect(json(sick.stdout)).toContainEqual(expect.objectContaining({ check: 'Lease', level: 'warning' }));
  });

  test('migrate finds nothing to do', async () => {
    expect(await app.run('migrate')).toMatchObject({ code: 0, stdout: 'The tables are up to date.\n' });
  });
});

describe('The client', () => {
  test('is typed from the schema that the API serves', async () => {
    const whole = await startCliApp({ worker: false, scheduler: false, settings: {}, overrides: {} });
    const document = await (await fetch(`${whole.url}/openapi.json`)).json();
    await whole.stop();
    expect(readFileSync(clientTypesFile, 'utf8'), 'run `npm run client:types`').toBe(await clientTypes(document));
    const queues = await client.get('/v1/queues');
    const depth: number = queues.items.reduce((sum, { counts }) => sum + counts.waiting, 0);
    expect(depth).toBeGreaterThanOrEqual(0);
    // @ts-expect-error a job has no such field
    expect((await client.get('/v1/jobs')).items[0]?.colour).toBeUndefined();
    // @ts-expect-error there is no such path
    await expect(client.get('/v1/nothing')).rejects.toThrow(ProblemError);
  });

  test('goes over all pages, and asks for no more than it needs', async () => {
    const options = { delayMs: 600_000, key: 'pages' };
    await client.enqueueMany(
      [1, 2, 3, 4, 5].map((n) => ({ type: 'convert-file', payload: { file: `${n}` }, options })),
    );
    const ids: string[] = [];
    let pages = 0;
    const counted = createClient({
      url: app.url,
      key: () => apiKey,
      fetch: (request) => fetch(request).finally(() => (pages += 1)),
    });
    for await (const job of counted.each('/v1/jobs', { params: { query: { key: 'pages', limit: 2 } } })) {
      ids.push(job.id);
      if (ids.length === 3) break;
    }
    expect({ ids: new Set(ids).size, pages }).toEqual({ ids: 3, pages: 2 });
  });

  test('repeats what was refused for a moment, without a second effect', async () => {
    const keys: (string | null)[] = [];
    let calls = 0;
    const shaky = createClient({
      url: app.url,
      key: apiKey,
      async fetch(request) {
        calls += 1;
        keys.push(request.headers.get('idempotency-key'));
        const answer = await fetch(request.clone());
        if (calls === 1) return new Response('{"code":"overloaded"}', { status: 503, headers: { 'retry-after': '0' } });
        if (calls === 2) throw new TypeError('fetch failed');
        return answer;
      },
    });
    const job = await shaky.enqueue('convert-file', { file: 'once' }, { key: 'once', delayMs: 600_000 });
    expect(calls).toBe(3);
    expect(new Set(keys).size).toBe(1);
    const made = await client.get('/v1/jobs', { params: { query: { key: 'once' } } });
    expect(made.items.map(({ id }) => id)).toEqual([job.id]);
  });

  test('throws problems with their code, and tells when nobody answers', async () => {
    const refused = await client.enqueue('convert-file', { file: 1 }).catch((error) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ status: 422, code: 'invalid_payload', errors: [{ pointer: '/payload/file' }] });
    const nobody = createClient({ url: 'http://127.0.0.1:1', retries: 0 });
    await expect(nobody.get('/v1/jobs')).rejects.toBeInstanceOf(UnreachableError);
    let calls = 0;
    const busy = async () => {
      calls += 1;
      return new Response('{}', { status: 429, headers: { 'retry-after': '3600' } });
    };
    await expect(createClient({ url: app.url, fetch: busy }).get('/v1/jobs')).rejects.toMatchObject({
      retryAfterS: 3600,
    });
    expect(calls).toBe(1);
  });

  test('follows a job over a connection that breaks, and is told nothing twice', async () => {
    const { id } = await client.enqueue('convert-file', { file: 'a', steps: 30 });
    const resumed: (string | null)[] = [];
    const breaking = createClient({
      url: app.url,
      key: apiKey,
      async fetch(request) {
        resumed.push(request.headers.get('last-event-id'));
        const response = await fetch(request);
        return resumed.length === 1 ? cutAfter(response, 2) : response;
      },
    });
    const events: string[] = [];
    for await (const event of breaking.follow(id)) events.push(JSON.stringify(event));
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ id, state: 'succeeded' });
    expect(new Set(events).size).toBe(events.length);
    expect(resumed).toEqual([null, expect.stringMatching(/^(waiting|queued|running)/)]);
    const late = createClient({ url: app.url, key: apiKey });
    const told = [];
    for await (const event of late.follow(id)) told.push(event.state);
    expect(told).toEqual(['succeeded']);
    const aborted = late.follow((await client.enqueue('convert-file', { file: 'b' }, { delayMs: 600_000 })).id, {
      signal: AbortSignal.timeout(300),
    });
    await expect(
      (async () => {
        for await (const _event of aborted);
      })(),
    ).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(late.follow('77').next()).rejects.toMatchObject({ status: 404 });
  });
});

/** The answer, whose connection breaks after so many events. */
function cutAfter(response: Response, events: number): Response {
  let seen = 0;
  const body = response.body?.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        controller.enqueue(chunk);
        seen +=
          new TextDecoder().decode(chunk).split('\nevent: job').length - 1 ||
          Number(/^(id|event)/.test(new TextDecoder().decode(chunk)));
        if (seen >= events) controller.error(new TypeError('terminated'));
      },
    }),
  );
  return new Response(body, response);
}
