/** An Express app on a free port of this machine, and a small client for it. */
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';

export interface TestServer {
  url: string;
  /** Sends JSON where a body is given; `token` becomes the bearer. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  body?: unknown;
  token?: string;
  headers?: Record<string, string>;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  json: any;
}

/** Serves the handlers until `close`. */
export async function serve(...handlers: RequestHandler[]): Promise<TestServer> {
  const app = express();
  for (const handler of handlers) app.use(handler);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    call: caller(url),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A client for the server at `url`. */
export function caller(url: string): TestServer['call'] {
  return (method, path, options = {}) => call(url + path, method, options);
}

async function call(url: string, method: string, { body, token, headers }: CallOptions): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  // An answer to HEAD has the type of its body alone.
  const isJson = text !== '' && /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}
