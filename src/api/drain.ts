/** Reading on after a refusal: a connection that is cut while the client still sends would lose the answer. */
import type { IncomingMessage } from 'node:http';

/** How much more of a refused body is read; one that never ends is cut all the same. */
const drainBytes = 8 * 1024 * 1024;

export function drain(req: IncomingMessage): void {
  let left = drainBytes;
  req.unpipe();
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) req.destroy();
  });
  // What read it before may have paused it.
  req.resume();
}
