/** The afternoon of a first user: an app with users, uploads and a database of its own, whose jobs run on Twolane. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scriptsTypedIn } from '../support/example.ts';
import { installedPackage } from '../support/installed.ts';
import { freePort, installExample, type Running, startScript, untilWritten } from '../support/own-product.ts';
import { shell } from '../support/shell.ts';
import { snippetsOf } from '../support/snippets.ts';
import { freshDatabase, testUrls, until } from '../support/stack.ts';

const readme = 'examples/own-product/README.md';

interface Photo {
  state: string;
  renditions: { url: string }[];
}

const run = promisify(execFile);
const apiKey = 'postcards-key-of-at-least-32-characters';
const password = 'only-staff-knows';

let folder: string;
let database: Awaited<ReturnType<typeof freshDatabase>>;
let pool: pg.Pool;
let web: Running;
let worker: Running;
let url: string;

beforeAll(async () => {
  folder = await installExample(await installedPackage());
  database = await freshDatabase();
  pool = new pg.Pool({ connectionString: database.url });
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  const environment = {
    ...testUrls(),
    DATABASE_URL: database.url,
    PORT: String(port),
    TWOLANE_API_KEY: apiKey,
    OPERATOR_PASSWORD: password,
  };
  const scripts = scriptsTypedIn(readme, 'package.json');
  web = startScript(folder, `${scripts.start?.join(' ')}`, environment);
  await untilWritten(web, 'Postcards on');
  worker = startScript(folder, `${scripts.worker?.join(' ')}`, environment);
}, 180_000);

afterAll(async () => {
  await Promise.all([web?.end(), worker?.end()]);
  await pool?.end();
  await database?.drop();
});

async function post(path: string, body: unknown): Promise<{ status: number; body: Record<string, string> }> {
  const raw = Buffer.isBuffer(body);
  const answer = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': raw ? 'image/jpeg' : 'application/json' },
    body: raw ? new Uint8Array(body) : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text.startsWith('{') ? JSON.parse(text) : {} };
}

const jobOf = async (id: string) => {
  const headers = { authorization: `Bearer ${apiKey}` };
  return (await (await fetch(`${url}/background/v1/jobs/${id}`, { headers })).json()) as Record<string, unknown>;
};
const succeeded = (id: string) =>
  until(
    `job ${id} has succeeded`,
    async () => {
      if (worker.child.exitCode !== null) throw new Error(`The worker has ended: ${worker.output()}`);
      const job = await jobOf(id);
      if (job.state === 'dead') throw new Error(`It is dead: ${JSON.stringify(job.attempts)} ${worker.output()}`);
      return job.state === 'succeeded' && job;
    },
    { timeoutMs: 45_000 },
  );

describe('own-product', () => {
  test('fits the types of the package', async () => {
    await run(join(folder, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: folder }).catch((error) => {
      throw new Error(error.stdout);
    });
  }, 90_000);

  test('a sign-up and its real-time job commit together, or not at all', async () => {
    const { status, body } = await post('/users', { name: 'ana' });
    expect(status).toBe(201);
    await succeeded(body.jobId as string);
    const { rows } = await pool.query('select text from letters where user_id = $1', [body.id]);
    expect(rows).toEqual([{ text: 'Welcome, ana!' }]);

    expect((await post('/users', { name: 'nobody' })).status).toBe(500);
    const left = await pool.query("select from postcards_twolane.jobs where payload ->> 'name' = 'nobody'");
    expect(left.rowCount).toBe(0);
  }, 60_000);

  test('a bulk job runs in a process of its own, which loads the app', async () => {
    const { body } = await post('/users/1/album', { photos: ['a', 'b', 'c', 'd', 'e'] });
    expect(await succeeded(body.id as string)).toMatchObject({ lane: 'bulk', result: { pages: 2 } });
    const logs = `${url}/background/v1/jobs/${body.id}/logs`;
    // Lines are gathered for a moment before they are written.
    const line = await until('its line is written', async () => {
      const answer = await fetch(logs, { headers: { authorization: `Bearer ${apiKey}` } });
      const { items } = (await answer.json()) as { items: { fields: { process: number } }[] };
      return items[0];
    });
    expect(line.fields.process).not.toBe(worker.child.pid);
  }, 60_000);

  test('a photo of its own storage comes back in sizes, under the path where the API is mounted', async () => {
    const picture = sharp({ create: { width: 1200, height: 900, channels: 3, background: 'teal' } });
    const { status, body } = await post('/users/1/photos', await picture.jpeg().toBuffer());
    expect(status).toBe(202);
    const photo = await until(
      'the photo is ready',
      async () => {
        const answer = (await (await fetch(`${url}/users/1/photos/${body.id}`)).json()) as Photo;
        return answer.state === 'ready' ? answer : undefined;
      },
      { timeoutMs: 45_000 },
    );
    const rendition = photo.renditions[0]?.url as string;
    expect(rendition).toContain(`${url}/background/files/`);
    const bytes = Buffer.from(await (await fetch(rendition)).arrayBuffer());
    expect((await sharp(bytes).metadata()).format).toMatch(/webp|jpeg/);
  }, 60_000);

  test('the calls that the README shows are taken', async () => {
    await sharp({ create: { width: 640, height: 480, channels: 3, background: 'plum' } })
      .jpeg()
      .toFile(join(folder, 'photo.jpg'));
    const [calls] = snippetsOf(readme).filter(({ code }) => code.includes('curl'));
    const code = `${calls?.code.replaceAll('localhost:4000', url)}`;
    const printed = await shell(code, { folder });
    expect(JSON.parse(printed)).toMatchObject({ id: expect.any(String) });
  });

  test('a webhook that nobody signed changes nothing', async () => {
    await pool.query("insert into photos (id, user_id, media_id) values (gen_random_uuid(), 1, 'forged')");
    const { status } = await post('/hooks/twolane', { type: 'media.ready', data: { id: 'forged' } });
    expect(status).toBe(401);
    const { rows } = await pool.query("select state from photos where media_id = 'forged'");
    expect(rows).toEqual([{ state: 'processing' }]);
  });

  test('staff sees the jobs, by the log-in of the app', async () => {
    const page = (name: string, secret: string) =>
      fetch(`${url}/staff/jobs/`, {
        headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`, accept: 'text/html' },
      });
    expect((await page('mia', 'wrong')).status).toBe(401);
    const answer = await page('mia', password);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('<base href="/staff/jobs/" />');
  });

  test('both processes end when they are told to', async () => {
    expect(await Promise.all([web.end(), worker.end()])).toEqual([0, 0]);
  }, 60_000);
});
