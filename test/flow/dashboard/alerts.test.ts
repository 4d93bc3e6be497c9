/** Alerts on a real ledger: what is wrong is seen, told once, held back while silenced, told again when it is over. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import webPush from 'web-push';
import { z } from 'zod';
import { alertBook, alertMailer, sendDue, watch } from '../../../src/alerts/index.ts';
import { type AlertBook, defineJob, silentLogger } from '../../../src/contract/index.ts';
import { addOperator, removeOperator } from '../../../src/http/auth/operators.ts';
import { createOutgoing, createWebPush, parseAllowed } from '../../../src/outgoing/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { type MailServer, startMailServer } from '../../support/mail-server.ts';
import { type PushService, startPushService } from '../../support/push-service.ts';
import { startReceiver } from '../../support/receiver.ts';

const lonely = defineJob({ type: 'lonely', lane: 'bulk', queue: 'lonely', payload: z.string() });
const outgoing = createOutgoing({ allowed: parseAllowed('127.0.0.1/32') });
const vapid = webPush.generateVAPIDKeys();
const push = createWebPush({ ...vapid, subject: 'mailto:ops@jobs.example' }, outgoing);

let app: TestApp;
let pushService: PushService;
let book: AlertBook;
let mails: MailServer;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
const texts = () => receiver.received.map(({ json }) => json.type as string);

beforeAll(async () => {
  app = await startTestApp({
    http: false,
    worker: false,
    scheduler: false,
    overrides: { catalog: { lonely }, product: undefined },
  });
  receiver = await startReceiver();
  mails = await startMailServer();
  pushService = await startPushService(vapid.publicKey);
  book = alertBook({ database: app.twolane.database, outgoing, push });
});

afterAll(async () => {
  await receiver?.close();
  await mails?.close();
  await pushService?.close();
  await app?.stop();
});

/** A look, and what is due is sent. */
async function pass(): Promise<void> {
  const { database, operations } = app.twolane;
  await watch({ database, operations, publicUrl: 'https://jobs.example/' });
  const mailer = alertMailer({ url: mails.url, from: 'Twolane <alerts@jobs.example>' });
  await sendDue({ database, outgoing, mailer, push, timeoutMs: 2_000, logger: silentLogger });
}

/** As if the time had passed since rows were written. */
const age = (column: string, seconds: number) =>
  app.twolane.database.query(`update twolane.alerts set ${column} = ${column} - interval '${seconds} seconds'`);

describe('an alert', () => {
  test('is told when it has lasted as long as its rule says, once, signed, with the chapter of the runbook', async () => {
    const { secret } = await book.addChannel(receiver.url, 'ana');
    expect(secret).toMatch(/^whsec_/);
    await app.twolane.enqueue(lonely, 'x');
    await app.twolane.database.query(
      `update twolane.live set id = id - (30000::bigint << 23), waiting = true, state = 'waiting', dispatched_at = null`,
    );
    await pass();
    expect(await book.open()).toMatchObject([{ kind: 'no_consumers', target: 'bulk/lonely', firedAt: null }]);
    expect(texts()).toEqual([]);
    await age('since', 30);
    await pass();
    await pass();
    expect(texts()).toEqual(['alert.firing']);
    const [request] = receiver.received;
    expect(request?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(request?.json).toMatchObject({
      text: expect.stringContaining('No live worker consumes bulk/lonely'),
      data: { runbookUrl: 'https://jobs.example/ops/runbook#no_worker' },
    });
  });

  test('is told again after an hour, unless somebody has acknowledged it', async () => {
    await age('told_at', 3_700);
    await pass();
    expect(texts()).toEqual(['alert.firing', 'alert.firing']);
    const [alert] = await book.open();
    await book.acknowledge(alert?.id ?? '', 'ana');
    await age('told_at', 3_700);
    await pass();
    expect(texts()).toHaveLength(2);
    expect(await book.open()).toMatchObject([{ acknowledged: { by: 'ana' } }]);
  });

  test('says when it is over, and is kept', async () => {
    await app.twolane.operations.pause('bulk/lonely');
    await age('seen_at', 60);
    await pass();
    expect(await book.open()).toEqual([]);
    expect((await book.past({})).items).toMatchObject([{ kind: 'no_consumers', acknowledged: { by: 'ana' } }]);
    expect(texts()).toEqual(['alert.firing', 'alert.firing', 'alert.resolved']);
  });

  test('is seen but not told while it is silenced, and nobody hears of a rule that is off', async () => {
    await app.twolane.operations.resume('bulk/lonely');
    const until = new Date(Date.now() + 60_000).toISOString();
    const wish = { kind: null, target: 'bulk/lonely', reason: 'moving', actor: 'ana', until };
    const { id } = await book.silence(wish);
    await book.setRule({ kind: 'no_consumers', target: null, threshold: null, forS: 0, enabled: true }, 'ana');
    await pass();
    expect(await book.open()).toMatchObject([{ silenced: true }]);
    expect(texts()).toHaveLength(3);
    await book.endSilence(id);
    await book.setRule(
      { kind: 'no_consumers', target: 'bulk/lonely', threshold: null, forS: 0, enabled: false },
      'ana',
    );
    await age('seen_at', 60);
    await pass();
    expect(await book.open()).toEqual([]);
    expect(texts()).toHaveLength(3);
    await book.dropRule('no_consumers', 'bulk/lonely');
    await pass();
    expect(texts()).toHaveLength(4);
  });

  test('waits for a channel that fails, which says why', async () => {
    receiver.answerNext('/', { status: 503 });
    const [channel] = await book.channels();
    await book.testChannel(channel?.id ?? '');
    await pass();
    expect(await book.channels()).toMatchObject([{ error: 'The receiver answered 503' }]);
    await app.twolane.database.query('update twolane.alert_notices set due_at = now()');
    await pass();
    expect(await book.channels()).toMatchObject([{ error: null, okAt: expect.any(String) }]);
    expect(texts().at(-1)).toBe('alert.test');
    await book.removeChannel(channel?.id ?? '');
    await expect(book.testChannel('42')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('comes by e-mail too, with what to do', async () => {
    const { channel, secret } = await book.addChannel('mailto:ana@team.example', 'ana');
    expect([channel.kind, secret]).toEqual(['email', null]);
    await age('told_at', 3_700);
    await app.twolane.database.query('update twolane.alerts set acknowledged_at = null');
    await pass();
    const [mail] = mails.to('ana@team.example');
    expect(mail?.source).toContain('Subject: No live worker consumes bulk/lonely');
    expect(mail?.source).toContain('https://jobs.example/ops/runbook#no_worker');
    mails.refuse('ana@team.example', 550);
    await book.testChannel(channel.id);
    await pass();
    expect(await book.channels()).toMatchObject([{ error: 'The mail server answered 550' }]);
  });

  test('comes to browsers encrypted, until the browser is gone or its operator is', async () => {
    const { database } = app.twolane;
    await database.query('delete from twolane.alert_channels');
    const [mine, other] = [pushService.subscribe(), pushService.subscribe()];
    const told = () => mine.pushed.map(({ json }) => json.type);
    await book.addBrowser(mine.subscription, 'ana');
    await book.addBrowser(mine.subscription, 'ana');
    await book.addBrowser(other.subscription, 'leo');
    await pass();
    expect(told()).toEqual(['alert.test', 'alert.test']);
    await age('told_at', 3_700);
    await pass();
    const [, , last] = mine.pushed;
    const [alert] = await book.open();
    expect(last).toMatchObject({
      json: { type: 'alert.firing', text: alert?.message, tag: `alert-${alert?.id}` },
      headers: { urgency: 'high', topic: `alert-${alert?.id}` },
      claims: { aud: pushService.url, sub: 'mailto:ops@jobs.example' },
    });
    // Whoever knows the whole address may write there: lists tell the push service and a hash.
    const browser = createHash('sha256').update(mine.subscription.endpoint).digest('hex');
    expect((await book.channels())[0]).toMatchObject({ kind: 'push', url: pushService.url, browser, error: null });
    mine.answerNext({ status: 410 });
    other.answerNext({ status: 429 });
    await age('told_at', 3_700);
    await pass();
    expect(await book.channels()).toMatchObject([{ createdBy: 'leo', error: 'The push service answered 429' }]);
    const { rows } = await database.query('select channel_id from twolane.alert_notices');
    expect(rows).toHaveLength(1);
    await addOperator(database, { name: 'leo', role: 'operator', password: 'leos-password' });
    await removeOperator(database, 'leo');
    expect(await book.channels()).toEqual([]);
    await expect(book.addBrowser({ ...mine.subscription, endpoint: 'https://10.0.0.1/x' }, 'ana')).rejects.toThrow();
  });
});
