/** Limits of the fleet hold across worker processes, and one that is killed gives its slots back. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { faultKey, type Start } from '../support/fault-jobs.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { longUnless } from '../support/long.ts';
import { mostAtOnce, mostWithin } from '../support/overlaps.ts';
import { until } from '../support/stack.ts';

const takesMs = 300;

describe.each(['realtime', 'bulk'] as const)('Two workers of the %s lane', { timeout: 60_000 }, (lane) => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start();
  });
  afterEach(() => rig.stop());

  test(
    'keep to the limits together, and the slots of a killed one come back',
    longUnless(lane === 'realtime'),
    async () => {
      const [victim, other] = await Promise.all([rig.worker(10), rig.worker(10)]);
      const rated = await rig.enqueue(lane, 24, { kind: 'rated', name: 'rated' });
      await rig.enqueue(lane, 60, { kind: 'limited', name: 'limited', takesMs });
      const limited = () => rig.starts().filter((start) => start.name.startsWith('limited'));
      const by = (pid?: number) => limited().filter((start) => start.pid === pid);
      await until('both are at it', () => by(victim.pid).length > 2 && by(other.pid).length > 2);
      await until('the victim has some in hand', () =>
        by(victim.pid).some((start) => Date.now() - start.at < takesMs / 3),
      );
      const gone = once(victim, 'exit');
      const killedAt = Date.now();
      victim.kill('SIGKILL');
      await gone;
      await rig.quiet();
      // In their first run jobs take that long, unless they were cut short.
      const spans = limited()
        .filter((start) => start.fence === 1)
        .map((start) => ({ ...start, startedAt: start.at, finishedAt: start.at + takesMs }))
        .map((span) => (span.pid === victim.pid ? { ...span, finishedAt: Math.min(span.finishedAt, killedAt) } : span));
      expect(mostAtOnce(spans)).toBe(4);
      for (const key of [0, 1, 2])
        expect(mostAtOnce(spans.filter(({ name }) => faultKey(name) === `key ${key}`))).toBe(2);
      const again = limited().filter((start) => start.fence > 1);
      expect(again.length).toBeGreaterThan(0);
      const rest = spans.filter(({ startedAt }) => startedAt > Math.max(...again.map((start) => start.at)));
      expect(mostAtOnce(rest)).toBe(4);
      expect(
        new Set(
          rig
            .starts()
            .filter(isOf(rated))
            .map(({ pid }) => pid),
        ).size,
      ).toBe(2);
      expect(mostWithin(await startsOf(rated), 1_000)).toBeLessThanOrEqual(6);
      expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 84 });
    },
  );

  /** When each job was given to its worker, by the clock that counts. */
  async function startsOf(ids: readonly string[]): Promise<number[]> {
    const jobs = await Promise.all(ids.map((id) => rig.app.twolane.operations.get(id)));
    return jobs.map((job) => Date.parse(job?.startedAt ?? '')).sort((a, b) => a - b);
  }
});

const isOf = (ids: readonly string[]) => (start: Start) => ids.includes(start.id);
