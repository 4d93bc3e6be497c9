/** A receiver of webhooks: a real server that remembers what came, and answers as it is told. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  json: any;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** The next answers of a path, first come first served; afterwards 204 again. */
  answerNext(path: string, ...answers: { status: number; headers?: Record<string, string> }[]): void;
  /** What came to a path. */
  at(path: string): Received[];
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const planned = new Map<string, { status: number; headers?: Record<string, string> }[]>();
  const server = createServer(async (req, res) => {
    const path = req.url ?? '';
    const body = Buffer.concat(await req.toArray()).toString();
    received.push({ path, headers: req.headers as Record<string, string>, body, json: JSON.parse(body) });
    const { status, headers } = planned.get(path)?.shift() ?? { status: 204 };
    res.writeHead(status, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerNext: (path, ...answers) => void planned.set(path, answers),
    at: (path) => received.filter((one) => one.path === path),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
