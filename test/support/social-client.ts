/** Calls the API as users of the social product, and starts workers as processes of their own that a test may kill. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { inject } from 'vitest';
import { until } from './stack.ts';

// biome-ignore lint/suspicious/noExplicitAny: answers are whatever the API says; the tests look at their fields
export type Answer = { status: number; body: any };

const repository = fileURLToPath(new URL('../..', import.meta.url));

export class SocialClient {
  readonly #base: string;
  readonly #token: string | undefined;
  readonly userId: string;

  constructor(base: string, userId = '', token?: string) {
    this.#base = base;
    this.userId = userId;
    this.#token = token;
  }

  /** The same person at another process. */
  at(base: string): SocialClient {
    return new SocialClient(base, this.userId, this.#token);
  }

  /** Another client, logged in. */
  async logIn(username: string, password: string): Promise<SocialClient> {
    const { status, body } = await this.call('POST', '/v1/sessions', { username, password });
    if (status !== 201) throw new Error(`${username} could not log in: ${status} ${JSON.stringify(body)}`);
    return new SocialClient(this.#base, body.userId, body.token);
  }

  async signUp(username: string): Promise<SocialClient> {
    const { status, body } = await this.call('POST', '/v1/users', { username, password: 'a good password' });
    if (status !== 201) throw new Error(`${username} could not sign up: ${status} ${JSON.stringify(body)}`);
    return this.logIn(username, 'a good password');
  }

  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const response = await fetch(this.#base + path, {
      method,
      headers: { ...this.#headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Uploads a picture and answers its media id. */
  async upload(bytes?: Buffer): Promise<string> {
    const photo =
      bytes ??
      (await sharp({ create: { width: 400, height: 300, channels: 3, background: '#3a7' } })
        .jpeg()
        .toBuffer());
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(photo)], { type: 'image/jpeg' }), 'photo.jpg');
    const response = await fetch(`${this.#base}/v1/uploads`, { method: 'POST', headers: this.#headers(), body: form });
    const text = await response.text();
    if (response.status !== 202) throw new Error(`The upload was answered with ${response.status} ${text}`);
    return JSON.parse(text).id;
  }

  /** Posts a new photo. */
  async post(caption: string): Promise<{ id: string; jobId: string }> {
    const { status, body } = await this.call('POST', '/v1/posts', { mediaIds: [await this.upload()], caption });
    if (status !== 202) throw new Error(`The post was answered with ${status} ${JSON.stringify(body)}`);
    return body;
  }

  async readPost(id: string): Promise<Answer['body']> {
    return (await this.call('GET', `/v1/posts/${id}`)).body;
  }

  /** Posts a new photo and waits until it is published. */
  async publish(caption: string): Promise<{ id: string; jobId: string }> {
    const post = await this.post(caption);
    const published = async () => (await this.readPost(post.id)).state === 'published';
    await until('the post is published', published, { timeoutMs: 60_000 });
    return post;
  }

  /** Post ids of the first page. */
  async feed(): Promise<string[]> {
    return (await this.call('GET', '/v1/feed')).body.items.map(({ id }: { id: string }) => id);
  }

  #headers(): Record<string, string> {
    return this.#token ? { authorization: `Bearer ${this.#token}` } : {};
  }
}

/** `workers/<role>.ts` in a process of its own. */
export function startProcess(role: 'realtime' | 'bulk' | 'api', environment: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [join(inject('scripts'), `workers/${role}.js`)], {
    cwd: repository,
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  });
}

export async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Runs a script of the demo as npm does; answers what it says. */
async function script(name: string, environment: Record<string, string>, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', `scripts/${name}.ts`, ...args], {
    cwd: repository,
    env: { ...process.env, ...environment },
  });
  return stdout;
}

export const seed = (environment: Record<string, string>, ...args: string[]) => script('seed', environment, args);
export const traffic = (environment: Record<string, string>, ...args: string[]) => script('traffic', environment, args);
