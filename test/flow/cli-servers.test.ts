import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CliApp, recordsOf, startCliApp } from '../support/cli-app.ts';
import { convertFile } from '../support/cli-jobs.ts';
import { logIn } from '../support/pages.ts';

let app: CliApp;
beforeAll(async () => {
  app = await startCliApp();
});
afterAll(() => app.stop());

describe('Commands that talk to the servers', () => {
  test('check-backlog finds what this code could not read, and says it by type and version', async () => {
    await app.client.enqueue('convert-file', { file: 'a' }, { delayMs: 600_000 });
    // What an older release could have left behind: a type of its own, a shape of its own, a newer version.
    const { id } = await app.twolane.enqueue(convertFile, { file: 'b' }, { delayMs: 600_000 });
    await app.twolane.database.query(`update twolane.jobs set payload = '{"path": "b"}' where id = $1`, [id]);
    const bad = await app.spawn('check-backlog --json --app test/support/cli-app-file.ts');
    expect(bad.code).toBe(1);
    const report = recordsOf(bad.stdout).find(({ type }) => type === 'convert-file');
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
    // Tables of another installation on the same database are not there for it.
    const strange = await app.run('doctor', { environment: { ...app.environment, TWOLANE_SCHEMA: 'other_twolane' } });
    expect(strange.stdout).toMatch(/✘ Migrations +the database has no tables of Twolane\n +→ Run `twolane migrate`/);
    const sick = await app.run('doctor --json', {
      environment: { ...app.environment, REDIS_URL: 'redis://127.0.0.1:1', TWOLANE_LEASE_MS: '2000' },
    });
    expect(sick.code).toBe(1);
    expect(recordsOf(sick.stdout)).toContainEqual(
      expect.objectContaining({ check: 'Redis', level: 'fault', cure: expect.stringContaining('REDIS_URL') }),
    );
    expect(recordsOf(sick.stdout)).toContainEqual(expect.objectContaining({ check: 'Lease', level: 'warning' }));
  });

  test('credentials makes a key for a tenant, lists it without its value, and removes it', async () => {
    const made = await app.run('credentials add acme --scopes jobs:*,queues:read --tenant acme --expires 90d');
    const environment = { TWOLANE_URL: app.url, TWOLANE_API_KEY: made.stdout.trim() };
    expect({ code: made.code, key: environment.TWOLANE_API_KEY }).toEqual({
      code: 0,
      key: expect.stringMatching(/^tl_\S{43}$/),
    });
    const enqueued = await app.run(`enqueue convert-file '{"file": "a"}' --delay 10m --json`, { environment });
    const { id } = recordsOf(enqueued.stdout)[0];
    expect(recordsOf((await app.run(`jobs show ${id} --json`)).stdout)[0]).toMatchObject({ tenant: 'acme' });
    expect(recordsOf((await app.run('jobs list --json', { environment })).stdout).map((job) => job.id)).toEqual([id]);
    expect(await app.run('queues list', { environment })).toMatchObject({ code: 4 });
    const listed = await app.run('credentials list');
    expect(listed.stdout).toMatch(/acme +jobs:\*,queues:read +acme +any +\d+ m?s ago +\d+ m?s ago +in 90 d/);
    expect(listed.stdout).not.toContain(environment.TWOLANE_API_KEY);
    expect(await app.run('credentials add acme --scopes *')).toMatchObject({ code: 4 });
    const rotated = (await app.run('credentials rotate acme --overlap 1h')).stdout.trim();
    const jobs = async (token: string) =>
      (await fetch(`${app.url}/v1/jobs`, { headers: { authorization: `Bearer ${token}` } })).status;
    const values = [environment.TWOLANE_API_KEY, rotated];
    expect(await Promise.all(values.map(jobs))).toEqual([200, 200]);
    // The process that serves the API is not the one that takes the key away.
    expect(await app.spawn('credentials remove acme')).toMatchObject({ code: 0, stdout: 'acme  removed\n' });
    for (const value of values) await expect.poll(() => jobs(value), { timeout: 5_000 }).toBe(401);
    expect(await app.run('credentials remove acme')).toMatchObject({ code: 3 });
    const { rows } = await app.twolane.database.query(
      "select action, outcome from twolane.audit where actor = 'command line' order by id",
    );
    expect(rows.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'key.add done',
      'key.add name_taken',
      'key.rotate done',
      'key.remove done',
      'key.remove not_found',
    ]);
  });

  test('operators makes one with a password of its own, gives another role, and removes', async () => {
    const made = await app.run('operators add mia --role viewer');
    const password = made.stdout.trim();
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\S{20}\n$/) });
    const mia = await logIn(`${app.url}/ops`, 'mia', password);
    expect(await app.run('operators set mia --role operator')).toMatchObject({ code: 0 });
    await expect.poll(async () => (await mia.call('/api/session')).status, { timeout: 5_000 }).toBe(401);
    expect((await app.run('operators list')).stdout).toMatch(/mia +operator +no session/);
    expect((await app.run('operators set mia --new-password --json')).code).toBe(0);
    await expect(logIn(`${app.url}/ops`, 'mia', password)).rejects.toThrow('401');
    expect(await app.run('operators remove mia')).toMatchObject({ code: 0, stdout: 'mia  removed\n' });
    expect(await app.run('operators remove mia')).toMatchObject({ code: 3 });
    expect(await app.run('operators add leo --role god')).toMatchObject({ code: 2 });
  });

  test('migrate finds nothing to do', async () => {
    expect(await app.run('migrate')).toMatchObject({ code: 0, stdout: 'The tables are up to date.\n' });
  });
});
