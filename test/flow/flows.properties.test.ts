/** No flow can hang: whatever fails, is cancelled, retried or crashes, every job of it ends or is blocked by a dead one, and says so. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { EndedJob } from '../../src/ledger/settle.ts';
import { type Deed, ended, flows, type Round, rounds, undoMs } from '../support/flow-histories.ts';
import { FlowLedger, type LiveRow } from '../support/flow-ledger.ts';
import { properties, propertyOptions } from '../support/properties.ts';

describe('Flows', () => {
  let ledger: FlowLedger;
  const revived = new Set<string>();
  beforeAll(async () => {
    ledger = await FlowLedger.open();
  });
  afterAll(() => ledger?.close());

  test('end, or wait for a dead job whose discarding ends them, after any history', propertyOptions, async () => {
    const history = fc.asyncProperty(fc.array(flows, { minLength: 1, maxLength: 2 }), rounds, async (asked, events) => {
      await ledger.begin();
      const ids: string[] = [];
      revived.clear();
      const [first, ...others] = asked;
      if (first) ids.push(...(await ledger.insert(first)));
      // The others arrive while the first one is under way.
      await Promise.all([
        playAll(events, ids),
        ...others.map(async (flow) => ids.push(...(await ledger.insert(flow)))),
      ]);
      await runOut();
      const left = await ledger.live();
      explain(left);
      if (left.length > 0) {
        await discardAll();
        await runOut();
      }
      expect(await ledger.live()).toEqual([]);
    });
    await fc.assert(history, properties());
    expect(Number(await ledger.value('select count(*) from twolane.waits'))).toBe(0);
    const deadlocks = 'select deadlocks from pg_stat_database where datname = current_database()';
    expect(Number(await ledger.value(deadlocks))).toBe(0);
  });

  async function playAll(events: readonly Round[], ids: string[]): Promise<void> {
    for (const round of events) await play(round, ids);
  }

  /** Claims what may run and lets it end, in two batches at once, while others cancel, retry, discard and wait. */
  async function play({ waitMs, fates, deeds }: Round, ids: string[]): Promise<void> {
    if (waitMs > 0) await ledger.advance(waitMs);
    const claimed = await ledger.claim();
    await checkStarts(claimed);
    const outcomes = await Promise.all(
      claimed.map(async (job, index) => {
        const fate = fates[index % fates.length] ?? 'succeed';
        return ended(job, fate, fate === 'wait' ? await enqueueIn(job, ids) : []);
      }),
    );
    const told = outcomes.filter((outcome) => outcome !== undefined);
    const half = (odd: number): EndedJob[] => told.filter((_, index) => index % 2 === odd);
    await Promise.all([
      ...[half(0), half(1)].filter((batch) => batch.length > 0).map((batch) => ledger.settle(batch)),
      ...deeds.map((deed) => act(deed, ids[deed.target % ids.length] ?? '0', ids)),
    ]);
    if (told.length < outcomes.length) await ledger.crash();
    check(await ledger.live());
  }

  /** Children of a running job; one of them waits for any other job, perhaps for one that waits for this very parent. */
  async function enqueueIn(job: ClaimedJob, ids: string[]): Promise<string[]> {
    const other = ids[Number(BigInt(job.id) % BigInt(ids.length))];
    const children = await ledger.insertChildren(job, other === undefined ? [] : [other]);
    ids.push(...children);
    return children;
  }

  async function act(deed: Deed, target: string, ids: string[]): Promise<void> {
    if (deed.kind === 'wait') ids.push(await ledger.insertWaiting(target, deed.rule));
    if (deed.kind === 'cancel')
      await ledger.value("select count(*) from twolane.cancel(array[$1::bigint], 'asked')", [target]);
    if (deed.kind === 'retry') revived.add(target);
    if (deed.kind === 'retry') await ledger.value('select twolane.retry($1, null, null, null, null)', [target]);
    if (deed.kind === 'discard') await ledger.discard([target], undoMs);
    if (deed.kind === 'give up') await ledger.discard([target], 0);
    if (deed.kind === 'restore') await ledger.value('select twolane.restore(array[$1::bigint])', [target]);
  }

  /** Lets time go by and everything that can still run succeed. Cancelled ones that run stop as they were told. */
  async function runOut(): Promise<void> {
    for (;;) {
      const claimed = await ledger.claim();
      await checkStarts(claimed);
      if (claimed.length > 0) await ledger.settle(claimed.map((job) => ended(job, 'succeed') as EndedJob));
      else if (!(await ledger.advanceToNext())) break;
    }
    expect(await ledger.sweep(), 'keys whose next job nobody woke').toBe(0);
  }

  async function discardAll(): Promise<void> {
    const { rows } = await ledger.database.query('select id from twolane.dead order by id');
    await ledger.discard(
      rows.map((row) => row.id),
      0,
    );
  }

  /** A job starts only when all that it waited for has succeeded; under `continue`, when it has ended, unless it was retried. */
  async function checkStarts(claimed: readonly ClaimedJob[]): Promise<void> {
    if (claimed.length === 0) return;
    const early = await ledger.value(
      `select json_agg(j.id::text) from twolane.jobs j, unnest(j.waits_for) c left join twolane.done d on d.id = c
         left join twolane.live l on l.id = c
       where j.id = any($1) and d.state is distinct from 'succeeded'
         and (j.payload <> '"continue"' or (l.id is not null and not c = any($2)))`,
      [claimed.map((job) => job.id), [...revived]],
    );
    expect(early).toBeNull();
  }
});

/** True at any moment between transactions: edges and counts agree, and none leads to a job that has ended. */
function check(live: readonly LiveRow[]): void {
  for (const row of live) {
    expect(row.blockers).toBe(row.edges.length);
    expect(row.state === 'blocked').toBe(row.edges.length > 0);
    if (row.state !== 'blocked') continue;
    const places = row.edges.map(({ at }) => at);
    const worst = places.includes('dead')
      ? 'which is dead'
      : places.includes('discarded')
        ? 'can be restored'
        : 'for other jobs';
    expect(row.reason).toContain(worst);
    for (const edge of row.edges) {
      expect(edge.awaited).toBe(true);
      expect([edge.at, edge.rule]).toSatisfy(
        ([at, rule]) => at === 'live' || ((at === 'dead' || at === 'discarded') && rule === 'block'),
      );
    }
  }
}

/** When nothing can run any more: what is left waits for the dead, for others that do, or its key for one of those. */
function explain(live: readonly LiveRow[]): void {
  check(live);
  for (const row of live.filter(({ state }) => state !== 'blocked')) {
    expect(row.state).toBe('waiting');
    expect(
      live.some((other) => other.key === row.key && BigInt(other.id) < BigInt(row.id) && other.state === 'blocked'),
    ).toBe(true);
  }
}
