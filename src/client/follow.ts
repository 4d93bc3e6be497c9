/** Following one job until it has ended, over as many connections as that takes. */
import { eventsOf } from './events.ts';
import type { components } from './openapi.ts';
import { UnreachableError } from './problem.ts';
import { pause, type Send } from './send.ts';

export type JobEvent = components['schemas']['JobEvent'];
export type JobState = JobEvent['state'];

/** States that a job does not leave by itself. */
export const finalStates: ReadonlySet<JobState> = new Set(['succeeded', 'dead', 'cancelled']);

/** The server writes a heartbeat every 15 s. */
const silenceMs = 40_000;
const reconnectMs = 1_000;

export interface FollowOptions {
  /** Ends the watch; the iteration throws its reason. */
  signal?: AbortSignal;
}

/**
 * Yields what is known of the job now and then every change, up to its final state. A connection that breaks is made anew,
 * and resumes behind the last event that came.
 * @throws ProblemError when the job is not there or not to be seen
 */
export async function* followJob(
  send: Send,
  url: string,
  { signal }: FollowOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  let last: string | undefined;
  for (;;) {
    try {
      const headers = { accept: 'text/event-stream', ...(last !== undefined && { 'last-event-id': last }) };
      const response = await send(new Request(url, { headers, ...(signal && { signal }) }));
      if (response.status === 204) return;
      for await (const { id, data } of eventsOf(response, silenceMs)) {
        last = id ?? last;
        const event = JSON.parse(data) as JobEvent;
        yield event;
        if (finalStates.has(event.state)) return;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!isLostConnection(error)) throw error;
    }
    await pause(reconnectMs, signal);
  }
}

/** fetch throws a TypeError when a body breaks off, our own reader an Error; a refusal has a name of its own. */
function isLostConnection(error: unknown): boolean {
  if (error instanceof UnreachableError || error instanceof TypeError) return true;
  return error instanceof Error && error.name === 'Error';
}
