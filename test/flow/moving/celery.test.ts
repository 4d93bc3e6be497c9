/** Tasks of a real Celery producer, from RabbitMQ into the ledger: once each, with their options, or refused with a reason. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemPython } from '../../../scripts/stack/needs.ts';
import { defineJob, type HandlersOf } from '../../../src/contract/index.ts';
import { CeleryConsumer, type CeleryOptions } from '../../../src/moving/celery/consumer.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { losingAnswers } from '../../support/losing-answers.ts';
import { freshPrefix, until } from '../../support/stack.ts';

const resize = defineJob({
  type: 'resize-photo',
  lane: 'realtime',
  queue: 'photos',
  payload: z.object({ id: z.string(), width: z.number() }),
});
const plain = defineJob({ type: 'take-plain', lane: 'bulk', queue: 'plain', payload: z.any() });
const catalog = { [resize.type]: resize, [plain.type]: plain };
const handlers = { 'resize-photo': async () => {}, 'take-plain': async () => {} } as HandlersOf<typeof catalog>;

/** Homebrew has no package of Celery. */
describe.skipIf(process.platform === 'darwin')('tasks of Celery', () => {
  let app: TestApp;
  let model: ChannelModel;
  let channel: ConfirmChannel;
  const queue = `celery.${freshPrefix()}`;
  const options = (): CeleryOptions => ({
    url: app.environment.AMQP_URL as string,
    queue,
    tasks: {
      'app.tasks.resize': {
        type: 'resize-photo',
        payload: ([id, width], kwargs) => ({ id, width: width ?? kwargs.width }),
      },
      'app.tasks.plain': 'take-plain',
    },
  });

  beforeAll(async () => {
    app = await startTestApp({
      http: false,
      overrides: { catalog, handlers: () => handlers, product: undefined, schedules: [] },
    });
    model = await connect(app.environment.AMQP_URL as string);
    channel = await model.createConfirmChannel();
  });
  afterAll(async () => {
    for (const name of [queue, `${queue}.refused`]) await channel?.deleteQueue(name);
    await channel?.deleteExchange(queue);
    await model?.close();
    await app?.stop();
  });

  /** Sends what the name says, and answers the ids of the tasks. */
  async function produce(what: string): Promise<string[]> {
    const script = new URL('../../support/celery_producer.py', import.meta.url).pathname;
    const args = [script, app.environment.AMQP_URL as string, queue, what];
    const { stdout } = await promisify(execFile)(systemPython, args, { timeout: 25_000 });
    return stdout.trim().split('\n');
  }

  function publish(headers: object, body = '{"no": "list"}'): void {
    channel.publish('', queue, Buffer.from(body), { contentType: 'application/json', headers });
  }

  async function consuming(work: (consumer: CeleryConsumer) => Promise<void>): Promise<void> {
    const consumer = new CeleryConsumer(app.twolane, options());
    consumer.start();
    await work(consumer).finally(() => consumer.stop());
  }
  const jobs = async () => {
    const { items } = await app.twolane.operations.list({}, { limit: 500 });
    return Promise.all(items.map(async ({ id }) => (await app.twolane.operations.get(id)) as NonNullable<unknown>));
  };
  const depth = async (name: string) => (await channel.checkQueue(name)).messageCount;

  it('waits for the queue, and enqueues every form of a task once', async () => {
    await consuming(async (consumer) => {
      const ids = await produce('forms');
      // A producer of Python has RabbitMQ drop what expires in its queue.
      const late = { task: 'app.tasks.plain', id: 'too-late', expires: '2026-01-02T03:04:05.678901' };
      publish(late, '[[], {}, {}]');
      await until('all are settled', () => consumer.counts.taken + consumer.counts.refused >= 12);
      expect(consumer.counts).toEqual({ taken: 12, refused: 0 });
      await until('what came too late is cancelled', async () => JSON.stringify(await jobs()).includes('"expired"'));
      const found = await jobs();
      expect(found).toHaveLength(11);
      const byTask = (n: number) => found.find((job) => JSON.stringify(job).includes(ids[n] as string));
      expect(byTask(0)).toMatchObject({
        type: 'resize-photo',
        payload: { id: 'p1', width: 640 },
        priority: 'normal',
        metadata: { celery: { id: ids[0], task: 'app.tasks.resize', rootId: ids[0], parentId: null, retries: 0 } },
      });
      expect(byTask(1)).toMatchObject({ payload: { id: 'p2', width: 320 }, priority: 'high' });
      const inAnHour = Date.now() + 3_600_000;
      const later = byTask(2) as { state: string; runAt: string };
      expect(later.state).toBe('scheduled');
      expect(Math.abs(Date.parse(later.runAt) - inAnHour)).toBeLessThan(60_000);
      const limited = byTask(3) as { runAt: string; expiresAt: string };
      expect(Date.parse(limited.expiresAt) - Date.parse(limited.runAt)).toBe(3_600_000);
      expect(byTask(4)).toMatchObject({ timeoutMs: 20_000 });
      expect(byTask(5)).toMatchObject({ payload: { id: 'p7', width: 1 } });
      expect(byTask(6)).toMatchObject({
        type: 'take-plain',
        payload: { args: [1, 'two'], kwargs: { three: [3], four: null } },
      });
      expect(byTask(7)).toMatchObject({ payload: { args: [expect.stringMatching(/^20.*T.*/), 'é\u2028'] } });
      expect(found.filter((job) => JSON.stringify(job).includes('the-same-id'))).toHaveLength(2);
      expect(found.find((job) => JSON.stringify(job).includes('too-late'))).toMatchObject({
        state: 'cancelled',
        reason: 'expired',
        expiresAt: '2026-01-02T03:04:05.678Z',
      });
    });
    expect(await depth(queue)).toBe(0);
  });

  it('puts aside what it can not take, as it came, with the reason', async () => {
    const before = (await jobs()).length;
    await consuming(async (consumer) => {
      await produce('refused');
      publish({});
      publish({ task: 'app.tasks.plain', id: 'x' });
      publish({ task: 'app.tasks.plain', id: 'y', eta: 'soon' }, '[[], {}, {}]');
      await until('all are settled', () => consumer.counts.taken + consumer.counts.refused >= 11);
      expect(consumer.counts).toEqual({ taken: 0, refused: 11 });
    });
    const codes: Record<string, number> = {};
    const reasons: string[] = [];
    for (let got = await channel.get(`${queue}.refused`); got; got = await channel.get(`${queue}.refused`)) {
      const { headers = {} } = got.properties;
      codes[headers['x-twolane-code']] = (codes[headers['x-twolane-code']] ?? 0) + 1;
      reasons.push(headers['x-twolane-reason']);
      if (headers['x-twolane-code'] === 'unknown_task')
        expect(got).toMatchObject({
          properties: { headers: { task: 'app.tasks.nobody' }, contentType: 'application/json' },
        });
      channel.ack(got);
    }
    expect(codes).toEqual({ not_json: 1, unknown_task: 1, not_accepted: 2, canvas: 3, protocol_v1: 1, malformed: 3 });
    expect(reasons.join('\n')).toMatch(/Set task_protocol = 2/);
    expect(reasons.join('\n')).toMatch(/Set task_serializer = "json"/);
    expect(reasons.join('\n')).toMatch(/enqueue the whole as a flow/);
    expect(await jobs()).toHaveLength(before);
  });

  it('loses and doubles nothing while the ledger is away and consumers come and go', async () => {
    const { database } = app.twolane;
    await produce('200');
    await database.query(`
      create function public.no_room() returns trigger language plpgsql as $$
        begin raise exception 'could not extend file' using errcode = '53100'; end $$;
      create trigger no_room before insert on twolane.jobs for each row execute function public.no_room()`);
    await consuming(async (consumer) => {
      await until('messages are in its hands', async () => (await depth(queue)) === 0);
      expect(consumer.counts).toEqual({ taken: 0, refused: 0 });
    });
    expect(await depth(queue)).toBe(200);
    await database.query('drop trigger no_room on twolane.jobs');
    for (let taken = 0; taken < 200; ) {
      const consumer = new CeleryConsumer(losingAnswers(app.twolane), { ...options(), buffer: 20 });
      consumer.start();
      await until('it has taken some', () => consumer.counts.taken > 30 || taken + consumer.counts.taken >= 200);
      await consumer.stop();
      taken += consumer.counts.taken;
    }
    const names = (await jobs()).map((job) => JSON.stringify(job)).filter((job) => job.includes('"many-'));
    expect(names).toHaveLength(200);
    expect(await depth(queue)).toBe(0);
  });
});
