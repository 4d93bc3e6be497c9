/** A closed load over HTTP/1.1: so many connections, each with one request under way all the time. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface HttpLoad {
  port: number;
  /** A whole request, head and body. */
  request: string;
  connections: number;
  seconds: number;
}

const endOfHead = Buffer.from('\r\n\r\n');

/** Milliseconds of each request. Raw sockets, since a real client would take more of the machine than the server does. @throws Error unless all are answered with 202 */
export async function httpLoad({ port, request, connections, seconds }: HttpLoad): Promise<number[]> {
  const took: number[] = [];
  const endsAt = performance.now() + seconds * 1_000;
  const one = async () => {
    const socket = connect(port, '127.0.0.1').setNoDelay(true);
    await once(socket, 'connect');
    const answers = readAnswers(socket);
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      socket.write(request);
      const { value } = await answers.next();
      if (!value?.startsWith('HTTP/1.1 202')) throw new Error(`Answered with ${value}`);
      took.push(performance.now() - startedAt);
    }
    socket.destroy();
  };
  await Promise.all(Array.from({ length: connections }, one));
  return took;
}

/** A whole JSON request. */
export function postOf(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): string {
  const text = JSON.stringify(body);
  const all = {
    host: '127.0.0.1',
    'content-type': 'application/json',
    'content-length': `${Buffer.byteLength(text)}`,
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`POST ${path} HTTP/1.1`, ...lines, '', text].join('\r\n');
}

/** The answers of a connection that tell their length, one after another. */
async function* readAnswers(socket: Socket): AsyncGenerator<string, undefined> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    for (;;) {
      const head = bytes.indexOf(endOfHead);
      if (head < 0) break;
      const length = Number(/content-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1] ?? 0);
      const end = head + endOfHead.length + length;
      if (bytes.length < end) break;
      yield bytes.toString('latin1', 0, end);
      bytes = bytes.subarray(end);
    }
  }
}
