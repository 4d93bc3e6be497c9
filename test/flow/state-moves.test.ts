/** The moves that jobs make, written down by the tables themselves, are those of `allowedMoves`: no other, and none is invented. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { allowedMoves, type JobContext, type JobState, mayMove } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, type payload, scriptedHandler, startLaneApp } from '../support/lanes.ts';

type Script = z.output<typeof payload>;

const recorder = `
  create table public.moves (n bigint generated always as identity, job bigint, state text);
  create function public.note_move() returns trigger language plpgsql as $$
  begin
    if to_jsonb(new) ->> 'state' = to_jsonb(old) ->> 'state' then return null; end if;
    insert into public.moves (job, state) values (new.id, coalesce(to_jsonb(new) ->> 'state', 'dead'));
    return null;
  end $$;
  create trigger note after insert or update on twolane.live for each row execute function public.note_move();
  create trigger note after insert on twolane.done for each row execute function public.note_move();
  create trigger note after insert on twolane.dead for each row execute function public.note_move();`;

describe('The life of a job', () => {
  let app: LaneApp;
  beforeAll(async () => {
    const handler = scriptedHandler([]);
    // Nobody here knows the type `internal`: its jobs wait.
    const work = async (script: Script, context: JobContext<void>) => {
      if (script.name === 'enqueues a child' && (await context.children()).length === 0) {
        await context.enqueue(app.jobs.work, { name: 'child of a running job' });
        context.waitForChildren();
      }
      await handler(script, context);
    };
    const overrides = { handlers: () => ({ work, single: handler }) };
    app = await startLaneApp(laneCases[0], { overrides, settings: { TWOLANE_DRAIN_MS: '100' } });
    await app.twolane.database.query(recorder);
  });
  afterAll(() => app.stop());

  test('knows exactly the moves of the table of states', { timeout: 60_000 }, async () => {
    await theOnesThatWaitForOthers();
    await theOnesThatFail();
    await theOnesThatAreStopped();
    await theOnesInTheBroker();
    await theOnesOfAWorkerThatLeaves();
    const seen = await movesSeen();
    expect(seen.filter(([from, to]) => !mayMove(from, to))).toEqual([]);
    const allowed = Object.entries(allowedMoves).flatMap(([from, targets]) => targets.map((to) => `${from} → ${to}`));
    expect([...new Set(seen.map((move) => move.join(' → ')))].sort()).toEqual(allowed.sort());
  });

  async function theOnesThatWaitForOthers() {
    const { twolane, jobs } = app;
    const child = await twolane.enqueue(jobs.work, { name: 'child', takesMs: 100 });
    const waitFor = [child.id];
    const parent = await twolane.enqueue(jobs.work, { name: 'parent' }, { waitFor });
    const keyed = await twolane.enqueue(jobs.work, { name: 'keyed parent' }, { waitFor, key: 'one' });
    const later = await twolane.enqueue(jobs.work, { name: 'later parent' }, { waitFor, delayMs: 2_000 });
    const never = await twolane.enqueue(jobs.work, { name: 'never' }, { waitFor });
    await twolane.operations.cancel(never.id);
    const dynamic = await twolane.enqueue(jobs.work, { name: 'enqueues a child' });
    for (const { id } of [parent, keyed, later, dynamic]) await app.reaches(id, 'succeeded');
  }

  async function theOnesThatFail() {
    const { twolane, jobs } = app;
    const retried = await twolane.enqueue(jobs.work, { name: 'fails once', fails: [1] });
    await app.reaches(retried.id, 'succeeded');
    const [revived, discarded] = await twolane.enqueueMany(
      ['revived', 'discarded'].map((name) => ({ job: jobs.work, payload: { name, fails: 'non-retryable' as const } })),
    );
    for (const job of [revived, discarded]) await app.reaches(job?.id ?? '', 'dead');
    await twolane.operations.retry(revived?.id ?? '', { payload: { name: 'mended' } });
    await twolane.operations.discard(discarded?.id ?? '');
    await twolane.operations.restore(discarded?.id ?? '');
    await app.reaches(revived?.id ?? '', 'succeeded');
  }

  async function theOnesThatAreStopped() {
    const { twolane, jobs } = app;
    const running = await twolane.enqueue(jobs.work, { name: 'stopped', takesMs: 60_000 });
    await app.reaches(running.id, 'running');
    await twolane.operations.cancel(running.id);
    await app.reaches(running.id, 'cancelled');
    const delayed = await twolane.enqueue(jobs.work, { name: 'delayed' }, { delayMs: 60_000 });
    await twolane.operations.cancel(delayed.id);
    const unknown = await twolane.enqueue(jobs.internal, { name: 'of a type that nobody knows' });
    await app.reaches(unknown.id, 'waiting');
    await twolane.operations.cancel(unknown.id);
  }

  /** One runs and holds the queue: the next one is in the broker when the queue is paused, and comes back. */
  async function theOnesInTheBroker() {
    const { twolane, jobs } = app;
    const first = await twolane.enqueue(jobs.single, { name: 'holds the queue', takesMs: 60_000 });
    await app.reaches(first.id, 'running');
    const next = await twolane.enqueue(jobs.single, { name: 'in the broker' });
    await app.reaches(next.id, 'queued');
    await twolane.operations.pause('realtime/single');
    const [foreign] = await twolane.database.transaction((tx) =>
      twolane.enqueueIn(tx, [{ job: jobs.single, payload: { name: 'in the outbox' } }]),
    );
    await twolane.operations.cancel(foreign?.id ?? '');
    await twolane.operations.cancel(first.id);
    await app.reaches(next.id, 'waiting');
    await twolane.operations.resume('realtime/single');
    await app.reaches(next.id, 'succeeded');
    const second = await twolane.enqueue(jobs.single, { name: 'holds it again', takesMs: 60_000 });
    await app.reaches(second.id, 'running');
    const last = await twolane.enqueue(jobs.single, { name: 'cancelled in the broker' });
    await app.reaches(last.id, 'queued');
    await twolane.operations.cancel(last.id);
    await twolane.operations.cancel(second.id);
  }

  async function theOnesOfAWorkerThatLeaves() {
    const { twolane, jobs } = app;
    const leaving = twolane.worker({ queues: ['single'], concurrency: 1 });
    await leaving.start();
    const held = await twolane.enqueueMany(
      ['one', 'two'].map((name) => ({ job: jobs.single, payload: { name, takesMs: 3_000 } })),
    );
    for (const { id } of held) await app.reaches(id, 'running');
    await leaving.stop();
    for (const { id } of held) await app.reaches(id, 'succeeded');
  }

  /** From one state to the next, for every job. */
  async function movesSeen(): Promise<[JobState, JobState][]> {
    const { rows } = await app.twolane.database.query<{ from: JobState; to: JobState }>(
      `select "from", state as to from (
         select n, state, lag(state) over (partition by job order by n) as "from" from public.moves) m
       where "from" is not null order by n`,
    );
    return rows.map(({ from, to }) => [from, to]);
  }
});
