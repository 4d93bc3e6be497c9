/** An installation of its own for trying media: a fresh database, prefix and folder, everything in one child process, used over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** What of a media is looked at here. */
export interface Seen {
  id: string;
  state: 'processing' | 'ready' | 'failed';
  renditions: { name: string; url: string }[];
  video?: { poster: string; hls: string; whyNotStandard: string[] };
  error?: { code: string };
}

export class Installation {
  /** Base URL. */
  readonly url: string;
  /** How many times its process has ended by itself. It is started again. */
  crashes = 0;
  readonly folder: string;
  readonly #server: string;
  readonly #name: string;
  readonly #environment: Record<string, string>;
  readonly #key = randomBytes(24).toString('hex');
  #child: ChildProcess | undefined;
  #stopping = false;

  private constructor(server: string, name: string, folder: string, port: number, settings: Record<string, string>) {
    const database = new URL(server);
    database.pathname = `/${name}`;
    this.#server = server;
    this.#name = name;
    this.folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      DATABASE_URL: database.href,
      TWOLANE_PREFIX: name.replace('_', '-'),
      TWOLANE_SCHEMA: 'twolane',
      TWOLANE_PRODUCT: 'none',
      // It comes after photos are ready, which is what is looked at here.
      TWOLANE_AVIF: 'false',
      TWOLANE_API_KEY: this.#key,
      TWOLANE_OPERATOR_PASSWORD: this.#key,
      TWOLANE_FILES_DIR: folder,
      LOG_LEVEL: 'fatal',
      PORT: String(port),
      ...settings,
    };
  }

  /** Uses the servers of the environment. */
  static async start(settings: Record<string, string> = {}): Promise<Installation> {
    const server = process.env.DATABASE_URL ?? '';
    const name = `media_${randomBytes(5).toString('hex')}`;
    await onServer(server, `create database ${name}`);
    const folder = await mkdtemp(join(tmpdir(), 'twolane-media-'));
    const installation = new Installation(server, name, folder, await freePort(), settings);
    await installation.#run();
    return installation;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async upload(path: string): Promise<Response> {
    const form = new FormData();
    form.set('file', await openAsBlob(path), 'file');
    return this.#call('/v1/uploads', { method: 'POST', body: form });
  }

  /** Undefined while the process is starting again. */
  async look(id: string): Promise<Seen | undefined> {
    const answer = await this.#call(`/v1/media/${id}`).catch(() => undefined);
    return answer?.ok ? ((await answer.json()) as Seen) : undefined;
  }

  /** Uploads files, eight at a time, and waits until all media are ready. */
  async process(files: readonly string[]): Promise<void> {
    const waiting = [...files];
    const send = async () => {
      for (let file = waiting.pop(); file; file = waiting.pop()) {
        const { status } = await this.upload(file);
        if (status !== 202) throw new Error(`${file} was answered with ${status}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, send));
    await this.#allReady();
  }

  async #allReady(): Promise<void> {
    const client = new pg.Client({ connectionString: this.#environment.DATABASE_URL });
    await client.connect();
    try {
      for (;;) {
        const { rows } = await client.query<{ state: string; error: unknown }>(
          `select state, error from twolane.media where state <> 'ready' limit 1`,
        );
        if (rows.length === 0) return;
        if (rows[0]?.state === 'failed') throw new Error(`A media failed: ${JSON.stringify(rows[0].error)}`);
        await sleep(25);
      }
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child && this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await gone;
    }
    await onServer(this.#server, `drop database ${this.#name} with (force)`);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #run(): Promise<void> {
    const entry = resolve(import.meta.dirname, '../../workers/all-in-one.ts');
    const env = { ...process.env, ...this.#environment };
    const child = spawn(process.execPath, ['--import', 'tsx', entry], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    this.#child = child;
    child.once('exit', () => {
      if (this.#stopping) return;
      this.crashes += 1;
      void this.#run().catch((error) => console.error(error));
    });
    for (let left = 300; left > 0 && !this.#stopping; left -= 1) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      if (answer?.ok) return;
      await sleep(200);
    }
    if (!this.#stopping) throw new Error('The installation did not get ready within a minute');
  }

  #call(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#key}`, 'x-acting-user': 'visitor' };
    return fetch(this.url + path, { ...init, headers });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
