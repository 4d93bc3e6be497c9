/** Fewer system calls: everything that is written to a socket in one turn of the event loop leaves in one. */
import type { Writable } from 'node:stream';

/**
 * Makes a stream gather the writes of a turn. amqplib writes every frame by itself, and each write that finds the socket
 * idle is a system call of its own: for a batch of publishes that costs more than encoding them.
 */
export function gatherWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...args: unknown[]) => boolean;
  let gathering = false;
  stream.write = (...args: unknown[]) => {
    if (!gathering) {
      gathering = true;
      stream.cork();
      process.nextTick(() => {
        gathering = false;
        stream.uncork();
      });
    }
    return write(...args);
  };
}
