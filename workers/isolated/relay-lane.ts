/** The lanes of a child process: what it publishes travels on the connections of its worker, and it consumes nothing. */
import type { Envelope, Lane, LaneName, Publication } from '../../src/contract/index.ts';

export type Relay = (lane: LaneName, queue: string, envelopes: readonly Envelope[]) => Promise<Publication>;

export function relayLane(name: LaneName, relay: Relay): Lane {
  return {
    name,
    start: async () => {},
    ready: async () => {},
    isUp: () => true,
    publish: (queue, envelopes) => relay(name, queue, envelopes),
    consume: () => Promise.reject(new TypeError('An isolated handler consumes no queue')),
    inspect: async () => undefined,
    health: async () => ({ up: true, detail: 'The worker of this process holds the connection' }),
    purge: () => Promise.reject(new TypeError('An isolated handler purges no queue')),
    close: async () => {},
  };
}
