/** What becomes of dead jobs, on every lane: their groups, an edited retry that keeps what was before, and a discard that can be undone. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConflictError, type DeadGroup } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';
import { until } from '../support/stack.ts';

describe.each(laneCases)('On the $name lane', (laneCase) => {
  let app: LaneApp;
  beforeAll(async () => {
    app = await startLaneApp(laneCase, { settings: { TWOLANE_UNDO_MS: '1500' } });
  });
  afterAll(() => app.stop());

  async function dies(name: string, fails: 'for ever' | 'non-retryable' = 'non-retryable'): Promise<string> {
    const { id } = await app.twolane.enqueue(app.jobs.work, { name, fails });
    await app.reaches(id, 'dead');
    return id;
  }
  const groupOf = async (id: string): Promise<DeadGroup | undefined> =>
    (await app.twolane.operations.deadGroups({}, {})).items.find(({ sampleId }) => sampleId === id);

  test('dead jobs of one error are one group, counted as they come and go', async () => {
    const first = await dies('first of a group');
    const startedAt = Date.now();
    const second = await dies('second of a group');
    const other = await dies('of another group', 'for ever');
    const group = (await groupOf(second)) as DeadGroup;
    expect(group).toMatchObject({
      type: 'work',
      lane: laneCase.lane,
      queue: 'work',
      count: 2,
      message: 'This can never work',
    });
    expect(Date.parse(group.lastAt)).toBeGreaterThan(startedAt);
    expect(Date.parse(group.firstAt)).toBeLessThan(Date.parse(group.lastAt));
    expect(await groupOf(other)).toMatchObject({ count: 1 });
    const { items } = await app.twolane.operations.list({ fingerprint: group.fingerprint }, {});
    expect(items.map(({ id }) => id)).toEqual([second, first]);
    await app.twolane.operations.discard(second);
    expect(await groupOf(first)).toMatchObject({ count: 1, firstAt: group.firstAt });
    await app.twolane.operations.retry(first, { payload: { name: 'mended' } });
    await app.reaches(first, 'succeeded');
    const left = (await app.twolane.operations.deadGroups({}, {})).items.map(({ fingerprint }) => fingerprint);
    expect(left).not.toContain(group.fingerprint);
  });

  test('groups are found by type, lane, queue and time, page by page', async () => {
    const { operations } = app.twolane;
    await dies('non-retryable once more');
    const ids = async (filter: Parameters<typeof operations.deadGroups>[0]) =>
      (await operations.deadGroups(filter, {})).items.map(({ sampleId }) => sampleId);
    const all = await ids({});
    expect(all.length).toBe(2);
    expect(await ids({ type: 'work', lane: laneCase.lane, queue: 'work' })).toEqual(all);
    expect(await ids({ type: 'other' })).toEqual([]);
    expect(await ids({ queue: 'single' })).toEqual([]);
    expect(await ids({ since: new Date(Date.now() + 60_000).toISOString() })).toEqual([]);
    const first = await operations.deadGroups({}, { limit: 1 });
    const second = await operations.deadGroups({}, { limit: 1, cursor: first.nextCursor ?? '' });
    expect([...first.items, ...second.items].map(({ sampleId }) => sampleId)).toEqual(all);
    expect(second.nextCursor).toBeNull();
  });

  test('an edited retry runs with the new payload, and what it was before can be read', async () => {
    const id = await dies('before');
    await app.twolane.operations.retry(id, { payload: { name: 'after' } });
    await app.reaches(id, 'succeeded');
    expect(app.runsOf('after')).toHaveLength(1);
    expect(await app.twolane.operations.changes(id)).toMatchObject([
      { action: 'retry', previousPayload: { name: 'before', fails: 'non-retryable' } },
    ]);
  });

  test('a discarded job is cancelled, and can be made dead again for a while', async () => {
    const { operations } = app.twolane;
    const id = await dies('discarded');
    // What a handler tells is written a moment later.
    const before = await until('its last words are written', async () => {
      const job = await operations.get(id);
      return job?.progress ? job : undefined;
    });
    expect(await operations.discard(id)).toBe('cancelled');
    const discarded = await operations.get(id);
    expect(discarded).toMatchObject({ state: 'cancelled', reason: 'discarded' });
    expect(Date.parse(discarded?.restorableUntil ?? '')).toBeGreaterThan(Date.now());
    expect(await operations.restore(id)).toBe('dead');
    expect(await operations.get(id)).toEqual(before);
    await operations.discard(id);
    await until('its time is over', async () => (await operations.get(id))?.restorableUntil === null);
    await expect(operations.restore(id)).rejects.toThrow(ConflictError);
    expect((await operations.conservation()).unaccounted).toBe(0);
  });

  test('a job that waits for a discarded one is cancelled when nobody can change his mind any more', async () => {
    const child = await dies('awaited');
    const parent = await app.twolane.enqueue(app.jobs.work, { name: 'waits' }, { waitFor: [child] });
    await app.twolane.operations.discard(child);
    expect(await app.twolane.operations.get(parent.id)).toMatchObject({ state: 'blocked' });
    await app.reaches(parent.id, 'cancelled');
    expect(await app.twolane.operations.get(child)).toMatchObject({ restorableUntil: null });
  });

  test('a discard for good, at once or as a second thought, can not be undone, and those that wait hear of it in that moment', async () => {
    const { operations } = app.twolane;
    const children = [await dies('for good'), await dies('for good after all')] as const;
    const waiting = (waitFor: string[], onChildFailure: 'block' | 'continue') =>
      app.twolane.enqueue(app.jobs.work, { name: `${onChildFailure} for good` }, { waitFor, onChildFailure });
    const parents = [await waiting([children[0]], 'block'), await waiting([...children], 'continue')] as const;
    await operations.discard(children[1]);
    for (const child of children.toReversed())
      expect(await operations.discard(child, { forGood: true })).toBe('cancelled');
    expect(await operations.get(parents[0].id)).toMatchObject({ state: 'cancelled' });
    expect((await operations.get(parents[1].id))?.state).not.toBe('blocked');
    await app.reaches(parents[1].id, 'succeeded');
    for (const child of children) {
      expect(await operations.get(child)).toMatchObject({ reason: 'discarded', restorableUntil: null });
      await expect(operations.restore(child)).rejects.toThrow(ConflictError);
      await expect(operations.discard(child, { forGood: true })).rejects.toThrow(ConflictError);
    }
    expect((await operations.conservation()).unaccounted).toBe(0);
  });
});
