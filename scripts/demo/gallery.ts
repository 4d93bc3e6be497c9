/** The photos of the seeded world, uploaded and processed like anybody's, by an API and a worker in this process. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createTokens } from '../../src/http/auth/tokens.ts';
import type { Twolane } from '../../src/twolane.ts';
import { photo } from './photos.ts';

/** Photos that are sent at once: enough for both cores, and none waits long. */
const atOnce = 4;
const patienceMs = 120_000;

/** Calls the API in this process as one person. */
export type Call = <T>(method: string, path: string, body?: unknown) => Promise<T>;

/** Runs `work` with an API of its own, which ends with it. */
export async function withApi<T>(
  twolane: Twolane,
  work: (as: (userId: string) => Promise<Call>) => Promise<T>,
): Promise<T> {
  const server = createServer(express().use(twolane.api()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const tokens = createTokens(twolane.database);
  const as = async (userId: string): Promise<Call> => {
    const { token } = await tokens.issue({ userId, kind: 'access', scopes: ['*'], expiresInS: 900 });
    return (method, path, body) => callWith(base + path, token, method, body);
  };
  try {
    return await work(as);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function callWith<T>(url: string, token: string, method: string, body: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  const headers = { authorization: `Bearer ${token}`, ...(!isForm && body !== undefined && json) };
  const answer = await fetch(url, {
    method,
    headers,
    body: isForm || body === undefined ? body : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${new URL(url).pathname} was answered with ${answer.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
const json = { 'content-type': 'application/json' };

interface MediaAnswer {
  id: string;
  state: 'processing' | 'ready' | 'failed';
}

/** At least `count` ready photos of this person; those of an earlier run are taken first. @returns their ids */
export async function gallery(call: Call, count: number, signal: AbortSignal): Promise<string[]> {
  if (count === 0) return [];
  const { items } = await call<{ items: MediaAnswer[] }>('GET', `/v1/media?limit=500`);
  const ready = items.filter(({ state }) => state === 'ready').map(({ id }) => id);
  let next = ready.length;
  const upload = async () => {
    while (next < count) {
      signal.throwIfAborted();
      const seed = next;
      next += 1;
      ready.push(await processed(call, await photo(seed), signal));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, upload));
  return ready;
}

async function processed(call: Call, bytes: Buffer, signal: AbortSignal): Promise<string> {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), 'photo.jpg');
  const { id } = await call<{ id: string }>('POST', '/v1/uploads', form);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const { state } = await call<MediaAnswer>('GET', `/v1/media/${id}`);
    if (state === 'ready') return id;
    if (state === 'failed' || Date.now() > deadline) throw new Error(`The photo ${id} is ${state}; its job says why`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
