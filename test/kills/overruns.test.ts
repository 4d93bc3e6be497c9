/** Handlers that do not stop in worker processes: the process is noticed, replaced, and nobody else's job pays for it. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recycleExitCode } from '../../workers/exit-codes.ts';
import { FaultRig, nothingLost } from '../support/fault-rig.ts';
import { longUnless } from '../support/long.ts';
import { until } from '../support/stack.ts';

const leaseMs = 4_000;

describe.each(['realtime', 'bulk'] as const)('A worker of the %s lane', { timeout: 60_000 }, (lane) => {
  let rig: FaultRig;
  beforeEach(async () => {
    rig = await FaultRig.start({ settings: { TWOLANE_LEASE_MS: String(leaseMs) } });
  });
  afterEach(() => rig.stop());

  test(
    'whose handler does not stop at its time limit lets the others finish and asks to be replaced',
    longUnless(lane === 'realtime'),
    async () => {
      const [deaf = ''] = await rig.enqueue(lane, 1, { takesMs: 600_000, timeoutMs: 300, kind: 'hasty', name: 'deaf' });
      const worker = await rig.worker(5);
      const gone = once(worker, 'exit');
      await rig.enqueue(lane, 2, { takesMs: 2_500, name: 'neighbour' });
      await until('three have begun', () => rig.starts().length >= 3);
      const [attempt] = await until('the attempt has ended', async () => {
        const job = await rig.app.twolane.operations.get(deaf);
        return job?.attempts[0]?.outcome === 'timed_out' ? job.attempts : undefined;
      });
      expect(attempt).toMatchObject({ outcome: 'timed_out', error: { code: 'timed_out' }, stoppedAt: null });
      expect(await gone).toEqual([recycleExitCode, null]);
      const stopped = await rig.app.twolane.operations.get(deaf);
      expect(Date.parse(stopped?.attempts[0]?.stoppedAt ?? '')).toBeGreaterThan(Date.parse(attempt?.finishedAt ?? ''));
      const neighbours = rig.starts().filter(({ name }) => name.startsWith('neighbour'));
      expect(neighbours).toHaveLength(2);
      await rig.worker(5);
      await rig.quiet();
      expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 3, redelivered: 1 });
    },
  );

  test(
    'whose handler computes without a pause is noticed and ended, and its jobs run elsewhere',
    longUnless(lane === 'bulk'),
    async () => {
      const worker = await rig.worker(5);
      const gone = once(worker, 'exit');
      await rig.enqueue(lane, 1, { blocks: true, name: 'blocks' });
      await until('it has begun', () => rig.starts().length === 1);
      const begunAt = Date.now();
      const other = await rig.worker(5);
      expect(await gone).toEqual([null, 'SIGKILL']);
      expect(Date.now() - begunAt).toBeLessThan(leaseMs + 5_000);
      await rig.quiet();
      expect(rig.starts().map(({ pid }) => pid)).toEqual([worker.pid, other.pid]);
      expect(await rig.verdict()).toMatchObject({ ...nothingLost, accepted: 1, redelivered: 1 });
    },
  );
});
