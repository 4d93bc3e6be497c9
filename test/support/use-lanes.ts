/** Two lanes on one broker for a block of tests: a queue of its own for each test, everything closed and removed afterwards. */
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Lane } from '../../src/contract/index.ts';
import { type LaneUnderTest, type Watched, watch } from './lane-port.ts';
import { freshPrefix, testUrls, until } from './stack.ts';

export class LanePair {
  here!: Lane;
  there!: Lane;
  /** The queue of the present test. */
  queue = '';
  /** Every queue to remove in the end. */
  readonly queues: string[] = [];
  readonly #consuming: Watched[] = [];

  /** Consumes the test's queue until the test ends. */
  async consume(lane: Lane, options?: Parameters<typeof watch>[2]): Promise<Watched> {
    const watched = await watch(lane, this.queue, options);
    this.#consuming.push(watched);
    return watched;
  }

  settled(): Promise<unknown> {
    return until('nothing waits and nothing is unacked', async () => {
      const depth = await this.here.inspect(this.queue);
      return depth && depth.ready === 0 && depth.unacked === 0;
    });
  }

  async stopConsuming(): Promise<void> {
    await Promise.all(this.#consuming.splice(0).map(({ consumption }) => consumption.close()));
  }
}

/** Call it inside `describe`. */
export function useLanes(lane: LaneUnderTest): LanePair {
  const pair = new LanePair();
  beforeAll(async () => {
    [pair.here, pair.there] = lane.make(testUrls(), freshPrefix());
    await Promise.all([pair.here.ready(10_000), pair.there.ready(10_000)]);
  });
  beforeEach(() => {
    pair.queue = `q${pair.queues.length}`;
    pair.queues.push(pair.queue);
    return () => pair.stopConsuming();
  });
  afterAll(async () => {
    for (const used of pair.queues) await pair.here.purge(used);
    await Promise.all([pair.here.close(), pair.there.close()]);
  });
  return pair;
}
