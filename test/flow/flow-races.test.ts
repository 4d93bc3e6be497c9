/** Flows where things happen at the same time, and flows of the largest size, on the real ledger without brokers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chain, chord, type Flow, job, parallel } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { EndedJob } from '../../src/ledger/settle.ts';
import { ended, type Fate, member } from '../support/flow-histories.ts';
import { FlowLedger } from '../support/flow-ledger.ts';

const step = (rule: 'block' | 'cancel' | 'continue' = 'block') => job(member, rule, { onChildFailure: rule });
const steps = (n: number) => Array.from({ length: n }, () => step());

describe('Flows, all at once', () => {
  let ledger: FlowLedger;
  beforeAll(async () => {
    ledger = await FlowLedger.open();
  });
  afterAll(() => ledger?.close());

  const end = (jobs: readonly ClaimedJob[], fate: Fate = 'succeed') =>
    ledger.settle(jobs.map((claimed) => ended(claimed, fate) as EndedJob));
  const states = async () => (await ledger.live()).map((row) => row.state);

  test('children that end in different batches at the same time free their parent once, and none is lost', async () => {
    for (let round = 0; round < 20; round += 1) {
      await ledger.insert(chord(steps(12), step()));
      const children = await ledger.claim();
      expect(children).toHaveLength(12);
      await Promise.all(children.map((child) => end([child])));
      const parents = await ledger.claim();
      expect(parents).toHaveLength(1);
      await end(parents);
      expect(await states()).toEqual([]);
    }
  });

  test('a parent that is enqueued while its child ends is freed or cancelled, and never left behind', async () => {
    const fates: Fate[] = ['succeed', 'die', 'cancelled', 'retry'];
    for (let round = 0; round < 40; round += 1) {
      const [child = ''] = await ledger.insert(step());
      const claimed = await ledger.claim();
      await Promise.all([
        ledger.insertWaiting(child, 'block'),
        end(claimed, fates[round % fates.length]),
        ledger.insertWaiting(child, 'cancel'),
        ledger.insertWaiting(child, 'continue'),
      ]);
      for (let jobs = await ledger.claim(); jobs.length > 0; jobs = await ledger.claim()) await end(jobs);
      const left = await ledger.live();
      expect(left.map((row) => [row.state, row.edges.map((edge) => edge.at)])).toEqual(
        fates[round % fates.length] === 'die' ? [['blocked', ['dead']]] : [],
      );
      await ledger.discard([child], 0);
      expect(await states()).toEqual([]);
    }
  });

  test('a cancel from below and one from above at the same time end the flow without a deadlock', async () => {
    for (let round = 0; round < 20; round += 1) {
      const ids = await ledger.insert(
        chain(parallel(...steps(3)), parallel(...steps(3)), parallel(...steps(3)), step()),
      );
      const cancel = (id: string | undefined) =>
        ledger.value(`select count(*) from twolane.cancel(array[$1::bigint], 'asked')`, [id]);
      await Promise.all([cancel(ids.at(-1)), cancel(ids[0]), cancel(ids[4]), cancel(ids[7])]);
      expect(await states()).toEqual([]);
    }
    const deadlocks = 'select deadlocks from pg_stat_database where datname = current_database()';
    expect(Number(await ledger.value(deadlocks))).toBe(0);
  });

  test('a chain of 1,000 jobs is enqueued, and cancelled from either end, in one go', async () => {
    for (const at of [0, -1]) {
      const ids = await ledger.insert(chain(...steps(1_000)));
      expect(ids).toHaveLength(1_000);
      await ledger.value(`select count(*) from twolane.cancel(array[$1::bigint], 'asked')`, [ids.at(at)]);
      expect(await states()).toEqual([]);
    }
  });

  test('a flow with more than 1,000 jobs or 10,000 waits is refused before anything is written', async () => {
    const tooMany: Flow = parallel(...steps(1_001));
    await expect(ledger.insert(tooMany)).rejects.toThrow('has up to 1000 jobs');
    await expect(ledger.insert(chain(parallel(...steps(101)), parallel(...steps(101))))).rejects.toThrow(
      'put one job between',
    );
    await expect(ledger.insert(chain())).rejects.toThrow('has no jobs');
    expect(await states()).toEqual([]);
  });
});
