/** `Idempotency-Key`: one run and one answer, whatever is repeated, and when. */
import { describe, expect, it } from 'vitest';
import { until } from '../support/stack.ts';
import { key, useThings } from '../support/things.ts';

const things = useThings();

describe('Idempotency-Key', () => {
  const keyed = (value: string) => ({ 'idempotency-key': value });

  it('answers a repeat with the first answer, byte for byte, without running again', async () => {
    const before = things.runs;
    const first = await things.make({ name: 'once' }, keyed('k1'));
    const second = await things.make({ name: 'once' }, keyed('k1'));
    expect(things.runs).toBe(before + 1);
    expect(second).toMatchObject({ status: 201, text: first.text });
    expect(second.headers.get('x-made')).toBe('yes');
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('refuses another body', async () => {
    await things.make({ name: 'one' }, keyed('k2'));
    expect(await things.make({ name: 'two' }, keyed('k2'))).toMatchObject({
      status: 422,
      json: { code: 'idempotency_key_reused' },
    });
  });

  it('means nothing to other paths, users and keys', async () => {
    const first = await things.make({ name: 'a' }, keyed('k3'));
    const otherPath = await things.make({ name: 'a' }, keyed('k3'), '/v1/things/2');
    const otherUser = await things.make({ name: 'a' }, { ...keyed('k3'), 'x-acting-user': 'ana' });
    expect(new Set([first, otherPath, otherUser].map((reply) => reply.json.run)).size).toBe(3);
  });

  it('answers 409 while the first request runs, then its answer', async () => {
    const before = things.runs;
    const first = things.make({ name: 'slow' }, keyed('k4'));
    await until('the first request runs', () => things.runs > before);
    const second = await things.make({ name: 'slow' }, keyed('k4'));
    expect(second).toMatchObject({ status: 409, json: { code: 'idempotency_key_in_use' } });
    expect(second.headers.get('retry-after')).toBe('1');
    things.finishSlow();
    const { text } = await first;
    expect((await things.make({ name: 'slow' }, keyed('k4'))).text).toBe(text);
  });

  it('lets one of many simultaneous requests run', async () => {
    const before = things.runs;
    const answers = await Promise.all(Array.from({ length: 20 }, () => things.make({ name: 'race' }, keyed('k5'))));
    expect(things.runs).toBe(before + 1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it.each(['broken', 'conflict'])('keeps no answer that may change: %s runs again', async (name) => {
    const before = things.runs;
    await things.make({ name }, keyed(`k6-${name}`));
    await things.make({ name }, keyed(`k6-${name}`));
    expect(things.runs).toBe(before + 2);
  });

  it('is held for as long as the first request runs, and not for long after its process has died', async () => {
    const before = things.runs;
    const left = async () =>
      (
        await things.database.query<{ s: number }>(
          `select extract(epoch from locked_until - now())::float8 as s from twolane.http_idempotency where key = 'k6'`,
        )
      ).rows[0]?.s ?? 0;
    const first = things.make({ name: 'slow' }, keyed('k6'));
    await until('the first request runs', () => things.runs > before);
    await things.database.query(`update twolane.http_idempotency set locked_until = now() where key = 'k6'`);
    await until('it says that it runs', async () => (await left()) > 15);
    expect(await left()).toBeLessThan(21);
    expect((await things.make({ name: 'slow' }, keyed('k6'))).status).toBe(409);
    things.finishSlow();
    expect((await first).status).toBe(201);
    expect(things.runs).toBe(before + 1);
  });

  it('lets a repeat run when the first never ended, once its lock is over', async () => {
    const before = things.runs;
    await things.make({ name: 'lost' }, keyed('k7'));
    await things.database.query(
      "update twolane.http_idempotency set status = null, answer = null, locked_until = now() - interval '1 s' where key = 'k7'",
    );
    expect((await things.make({ name: 'lost' }, keyed('k7'))).status).toBe(201);
    expect(things.runs).toBe(before + 2);
  });

  it('is forgotten after 24 hours', async () => {
    await things.make({ name: 'old' }, keyed('k8'));
    await things.database.query(
      "update twolane.http_idempotency set created_at = now() - interval '24 h 1 s' where key = 'k8'",
    );
    expect((await things.make({ name: 'new' }, keyed('k8'))).status).toBe(201);
  });

  it('answers a repeated upload by its key alone, since no two multipart bodies are equal', async () => {
    const send = (body: string) =>
      things.call('POST', '/v1/streamed', {
        body,
        token: key,
        headers: { ...keyed('k9'), 'content-type': 'application/octet-stream' },
      });
    const first = await send('12345');
    expect(first.json.bytes).toBe(5);
    expect((await send('1234567')).text).toBe(first.text);
  });

  it('keeps a secret so that only the same credential reads it again', async () => {
    const session = () => things.tokens.issue({ userId: 'eve', kind: 'session', scopes: ['*'], expiresInS: 60 });
    const [one, other] = [(await session()).token, (await session()).token];
    const send = (token: string) =>
      things.call('POST', '/v1/things/1', { body: { name: 'secret' }, token, headers: keyed('k10') });
    const first = await send(one);
    expect(first.status).toBe(201);
    expect(await send(one)).toMatchObject({ status: 201, text: first.text });
    expect(await send(other)).toMatchObject({ status: 409, json: { code: 'answer_sealed' } });
    const { rows } = await things.database.query("select answer::text from twolane.http_idempotency where key = 'k10'");
    expect(rows[0].answer).toContain('sealed');
    expect(rows[0].answer).not.toContain('eve');
  });

  it('must be printable', async () => {
    expect((await things.make({ name: 'a' }, keyed('x'.repeat(256)))).json.code).toBe('invalid_idempotency_key');
  });
});
