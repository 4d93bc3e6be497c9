/** Free ports on the loopback address. */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range from which systems take the ports of outgoing connections: a client that retries can't take the port
 * of a server that is being restarted (or connect to itself there).
 */
const range = { from: 20_000, below: 32_000 };

/** Whether somebody could listen there now. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A port that is free now and that no earlier call of this process has given away. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries++) {
    const port = randomInt(range.from, range.below);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
  throw new Error(`No free port between ${range.from} and ${range.below} on 127.0.0.1`);
}

const given = new Set<number>();
