/** A client that sends next to nothing only holds a connection. */
import type { IncomingMessage } from 'node:http';
import { Problem } from '../http/problem.ts';

export interface Pace {
  bytes: number;
  everyMs: number;
}

/** The least that a client has to send. A bad mobile line is a hundred times faster. */
export const slowest: Pace = { bytes: 16 * 1024, everyMs: 30_000 };

/** Calls back when less than that came in one stretch. The answer ends the watch. */
export function paceWatch({ socket }: IncomingMessage, pace: Pace, onSlow: () => void): () => void {
  let before = socket.bytesRead;
  const timer = setInterval(() => {
    if (socket.bytesRead - before < pace.bytes) onSlow();
    before = socket.bytesRead;
  }, pace.everyMs);
  return () => clearInterval(timer);
}

export function tooSlow(): Problem {
  return new Problem(408, 'too_slow', 'Too slow', 'The upload made next to no progress; send it again.', {
    headers: { connection: 'close' },
  });
}
