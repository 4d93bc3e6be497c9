/** Moving from BullMQ: the shim in the place of its Queue, and the bridge from queues that real producers still fill. */
import { Queue as BullmqQueue, FlowProducer } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BullmqBridge, type JobsOptions, Queue } from '../../../src/moving/bullmq/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { catalog, handlers, jobs, thumbnail } from '../../support/bullmq-jobs.ts';
import { losingAnswers } from '../../support/losing-answers.ts';
import { snippetsOf } from '../../support/snippets.ts';
import { freshPrefix, until } from '../../support/stack.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({
    http: false,
    overrides: { catalog, handlers: () => handlers, product: undefined, schedules: [] },
  });
});
afterAll(() => app?.stop());
const detail = (id: string) => app.twolane.operations.get(id);

describe("the shim for BullMQ's Queue", () => {
  const queue = () => new Queue('photos', { twolane: app.twolane, jobs, connection: { host: 'anywhere' } });

  it('adds, tells the result and the failure, and finds jobs again', async () => {
    const photos = queue();
    const job = await photos.add('resize', { id: 'p1' }, { attempts: 3, priority: 1, removeOnComplete: true });
    expect(await job.waitUntilFinished(undefined, 15_000)).toEqual({ done: 'p1' });
    const found = await photos.getJob(job.id);
    expect(found).toMatchObject({ name: 'resize', data: { id: 'p1' }, returnvalue: { done: 'p1' }, attemptsMade: 1 });
    expect(await found?.isCompleted()).toBe(true);
    expect(await detail(job.twolaneId)).toMatchObject({ priority: 'high', maxAttempts: 3, type: 'resize-photo' });
    const failing = await photos.add('resize', { id: 'p2', fails: true });
    await expect(failing.waitUntilFinished()).rejects.toThrow('The photo is broken');
    expect(await photos.getJob(failing.id)).toMatchObject({ failedReason: 'The photo is broken' });
    expect(await photos.getJob('nobody')).toBeUndefined();
    expect(await new Queue('others', { twolane: app.twolane }).getJob(job.id)).toBeUndefined();
  });

  it('does what docs/moving.md shows', async () => {
    const [block] = snippetsOf('docs/moving.md').filter(({ code }) => code.includes('twolane/bullmq'));
    const code = (block?.code ?? '').replace(/^import .*$/m, '');
    await new Function('Queue', 'twolane', `return (async () => {${code}})()`)(Queue, app.twolane);
    const { items } = await app.twolane.operations.list({ type: thumbnail.type }, {});
    expect(items).toMatchObject([{ state: 'succeeded', priority: 'high' }]);
  });

  it('keeps what delay, jobId and deduplication mean', async () => {
    const photos = queue();
    const later = await photos.add('mail', { email: 'a@b' }, { delay: 3_600_000, jobId: 'mail-1' });
    expect(await later.getState()).toBe('delayed');
    const again = await photos.add('mail', { email: 'c@d' }, { jobId: 'mail-1' });
    expect([again.id, again.twolaneId]).toEqual(['mail-1', later.twolaneId]);
    expect(await photos.getJob('mail-1')).toMatchObject({ data: { to: 'a@b' }, twolaneId: later.twolaneId });
    await again.remove();
    expect(await later.getState()).toBe('failed');

    const passing = { jobId: 'once', removeOnComplete: true };
    const first = await photos.add('resize', { id: 'p3' }, passing);
    await first.waitUntilFinished();
    const second = await photos.add('resize', { id: 'p3' }, passing);
    expect(second.twolaneId).not.toBe(first.twolaneId);
    await second.waitUntilFinished();

    const [one, two] = await photos.addBulk([
      { name: 'resize', data: { id: 'p4' }, opts: { deduplication: { id: 'p4', ttl: 60_000 } } },
      { name: 'resize', data: { id: 'p4' }, opts: { deduplication: { id: 'p4', ttl: 60_000 } } },
    ]);
    expect(two?.twolaneId).toBe(one?.twolaneId);
    const drafts = { deduplication: { id: 'd', ttl: 3_600_000, extend: true, replace: true }, delay: 3_600_000 };
    const draft = await photos.add('resize', { id: 'old' }, drafts);
    await photos.add('resize', { id: 'new' }, drafts);
    expect(await detail(draft.twolaneId)).toMatchObject({ payload: { id: 'new' }, state: 'scheduled' });
  });

  it('refuses with a sentence what it can not keep', async () => {
    const photos = queue();
    const add = (opts: JobsOptions) => photos.add('resize', { id: 'x' }, opts);
    await expect(add({ lifo: true })).rejects.toThrow(
      /lifo of BullMQ has no counterpart here. Give it a higher priority/,
    );
    await expect(add({ parent: { id: '1', queue: 'q' } })).rejects.toThrow(/enqueueFlow/);
    await expect(add({ backoff: { type: 'fixed', delay: 9 } })).rejects.toThrow(
      /Say backoff: \{ kind: 'fixed', delayMs: 9 \} in its defineJob, or name 'backoff' in the ignore/,
    );
    await expect(add({ invented: 1 })).rejects.toMatchObject({ code: 'not_mapped' });
    await expect(photos.add('unknown', {})).rejects.toThrow(/No job type is declared for unknown/);
    await expect(photos.add('resize', { id: 7 })).rejects.toMatchObject({ code: 'invalid_payload' });
    expect(() => new Queue('q', { twolane: app.twolane, jobs: { a: 'nothing' } })).toThrow(/not in the catalog/);
    const calls = photos as unknown as Record<string, () => Promise<unknown>>;
    await expect(calls.obliterate?.()).rejects.toThrow(/massOperations/);
    await add({ backoff: { type: 'exponential', delay: 50 } });
    const lenient = new Queue('photos', { twolane: app.twolane, jobs, ignore: ['backoff', 'lifo'] });
    await lenient.add('resize', { id: 'x' }, { backoff: 10, lifo: true });
  });

  it('turns job schedulers and repeat options into schedules', async () => {
    const photos = queue();
    await photos.upsertJobScheduler(
      'Nightly Mail',
      { pattern: '0 3 * * *', tz: 'Europe/Berlin' },
      {
        name: 'mail',
        data: { email: 'a@b' },
        opts: { priority: 200 },
      },
    );
    await photos.add('resize', { id: 'again' }, { repeat: { every: 60_000 } });
    await photos.add('resize', { id: 'again' }, { repeat: { every: 60_000 } });
    const { items } = await app.twolane.schedules.list({});
    expect(items).toHaveLength(2);
    expect(items).toMatchObject([
      {
        name: expect.stringMatching(/^bphotos:nightly-mail-/),
        cron: '0 3 * * *',
        timeZone: 'Europe/Berlin',
        payload: { to: 'a@b' },
      },
      { name: 'photos:resize', everyMs: 60_000, payload: { id: 'again' } },
    ]);
    expect(items[0]?.options).toEqual({ priority: 'low' });
    await expect(photos.add('resize', { id: 'x' }, { repeat: { every: 60_000, limit: 3 } })).rejects.toThrow(/limit/);
    expect([await photos.removeJobScheduler('resize'), await photos.removeJobScheduler('resize')]).toEqual([
      true,
      false,
    ]);
    await photos.removeJobScheduler('Nightly Mail');
  });
});

describe('the bridge from BullMQ', () => {
  const name = 'old-photos';
  let connection: Redis;
  let producer: BullmqQueue;
  const prefix = freshPrefix();
  beforeAll(() => {
    connection = new Redis(app.environment.REDIS_URL as string, { maxRetriesPerRequest: null });
    producer = new BullmqQueue(name, { connection: connection as never, prefix });
  });
  afterAll(async () => {
    await producer?.obliterate({ force: true });
    await producer?.close();
    await connection?.quit();
  });

  const bridge = (buffer?: number, platform = app.twolane) =>
    new BullmqBridge(platform, { url: app.environment.REDIS_URL as string, prefix, queue: name, jobs, buffer });
  const moved = async () =>
    (await app.twolane.operations.list({ type: 'resize-photo', since: started }, { limit: 500 })).items;
  let started = '';

  it('takes what producers add, each once, with its options, and leaves what is not due', async () => {
    started = new Date().toISOString();
    await producer.add('resize', { id: 'b1' }, { priority: 150, attempts: 7 });
    await producer.add('mail', { email: 'x@y' }, { jobId: 'own-id' });
    await producer.add('resize', { id: 'b2' }, { delay: 3_600_000 });
    await producer.upsertJobScheduler('often', { every: 1_000 }, { name: 'resize', data: { id: 'tick' } });
    const taking = bridge();
    taking.start();
    await until('two ticks have come', async () => (await moved()).length >= 3);
    await producer.removeJobScheduler('often');
    await taking.stop();
    expect(await producer.getDelayedCount()).toBe(1);
    const all = await Promise.all((await moved()).map(({ id }) => detail(id)));
    const b1 = all.find((job) => JSON.stringify(job?.payload) === '{"id":"b1"}');
    expect(b1).toMatchObject({
      priority: 'low',
      maxAttempts: 7,
      metadata: { bullmq: { queue: name, name: 'resize' } },
    });
    const { items } = await app.twolane.operations.list({ type: 'send-mail', since: started }, {});
    expect(await detail(items[0]?.id as string)).toMatchObject({ payload: { to: 'x@y' } });
    expect((await producer.getJob('own-id'))?.returnvalue).toEqual({ twolaneId: items[0]?.id });
  });

  it('leaves what it can not take among the failed ones, also where jobs remove themselves', async () => {
    const taking = bridge();
    taking.start();
    const refused = [
      await producer.add('resize', { id: 7 }, { removeOnFail: true, attempts: 5 }),
      await producer.add('unknown', {}),
    ];
    const flows = new FlowProducer({ connection: connection as never, prefix });
    await flows.add({
      name: 'resize',
      queueName: name,
      data: { id: 'p' },
      children: [{ name: 'resize', queueName: name, data: { id: 'c' } }],
    });
    await until('all are refused', () => taking.counts.refused === 3);
    await taking.stop();
    await flows.close();
    expect(taking.counts.taken).toBe(0);
    const reasons = (await producer.getFailed()).map(({ failedReason }) => failedReason);
    expect(reasons).toHaveLength(3);
    expect(reasons.join('\n')).toMatch(/does not fit job type resize-photo[\s\S]*belongs to a flow|belongs to a flow/);
    expect(await (await producer.getJob(refused[0]?.id as string))?.isFailed()).toBe(true);
  });

  it('loses and doubles nothing while bridges come and go, and while the ledger is full', async () => {
    started = new Date().toISOString();
    const { database } = app.twolane;
    await producer.addBulk(Array.from({ length: 300 }, (_, n) => ({ name: 'resize', data: { id: `many-${n}` } })));
    await database.query(`
      create function public.no_room() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger no_room before insert on twolane.jobs for each row execute function public.no_room()`);
    const hindered = bridge();
    hindered.start();
    await until('jobs are in its hands', async () => (await producer.getActiveCount()) > 0);
    await hindered.stop();
    await database.query('drop trigger no_room on twolane.jobs');
    expect(hindered.counts).toEqual({ taken: 0, refused: 0 });
    expect(await producer.getWaitingCount()).toBe(300);
    for (let taken = 0; taken < 300; ) {
      const taking = bridge(20, losingAnswers(app.twolane));
      taking.start();
      await until('it has taken some', () => taking.counts.taken > 50 || taken + taking.counts.taken >= 300);
      await taking.stop();
      taken += taking.counts.taken;
    }
    const { rows } = await database.query(
      `select count(*)::int as jobs, count(distinct payload ->> 'id')::int as ids from twolane.jobs where payload ->> 'id' like 'many-%'`,
    );
    expect(rows).toEqual([{ jobs: 300, ids: 300 }]);
    expect(await producer.getWaitingCount()).toBe(0);
  });
});
