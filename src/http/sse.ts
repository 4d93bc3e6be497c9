/** Server-sent events: one stream per call, with heartbeats, resumable where the caller gives ids. */
import type { Call, Reply } from './route.ts';

export interface EventStream {
  /** Where the client stopped, from `Last-Event-ID`; undefined on the first connect. */
  readonly lastEventId: string | undefined;
  /** Aborted when the client has gone or `close` was called. */
  readonly signal: AbortSignal;
  send(event: { id?: string; event?: string; data: unknown }): void;
  close(): void;
}

const heartbeatMs = 15_000;
/** A client that reads this much slower than we write is let go; it comes back and resumes. Bytes. */
const backlogLimit = 1024 * 1024;

/**
 * Turns the answer into an event stream and hands it to `start`, which returns the way to stop watching; that is called
 * once, when the client has gone.
 * @returns `streamed`, to be returned by the handler.
 */
export function eventStream(
  { req, res }: Pick<Call, 'req' | 'res'>,
  start: (stream: EventStream) => () => void,
): Reply {
  const over = new AbortController();
  res.status(200).set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  res.flushHeaders();
  res.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => res.write(': still here\n\n'), heartbeatMs).unref();
  const stream: EventStream = {
    lastEventId: req.get('last-event-id'),
    signal: over.signal,
    send(event) {
      if (over.signal.aborted) return;
      res.write(frame(event));
      if (res.writableLength > backlogLimit) res.destroy();
    },
    close: () => void res.end(),
  };
  const stop = start(stream);
  const end = () => {
    clearInterval(heartbeat);
    over.abort();
    stop();
  };
  if (res.closed) end();
  else res.once('close', end);
  return 'streamed';
}

/** One event on the wire. JSON has no line breaks, so one data line is enough. */
function frame({ id, event, data }: { id?: string; event?: string; data: unknown }): string {
  return `${id === undefined ? '' : `id: ${id}\n`}${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`;
}
