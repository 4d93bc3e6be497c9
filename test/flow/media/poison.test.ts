/** Bytes that failed for what they are: told with a code, refused when they come again, and run again by a newer pipeline. */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaCodes } from '../../../src/media/index.ts';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import { caller } from '../../support/http.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let bob: ReturnType<typeof mediaClient>;
let call: (method: string, path: string, body?: unknown) => ReturnType<ReturnType<typeof caller>>;

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_PRODUCT: 'none' } });
  ada = mediaClient(app, 'ada');
  bob = mediaClient(app, 'bob');
  const ask = caller(app.url);
  call = (method, path, body) => ask(method, path, { token: apiKey, ...(body === undefined ? {} : { body }) });
});
afterAll(() => app?.stop());

const jpeg = (red: number) =>
  sharp({ create: { width: 300, height: 300, channels: 3, background: { r: red, g: 9, b: 9 } } })
    .jpeg()
    .toBuffer();
const sqlOf = (sql: string, values: unknown[] = []) => app.twolane.database.query<Record<string, never>>(sql, values);

describe('A file that fails for what it is', { timeout: 60_000 }, () => {
  let damaged: Blob;
  let sha256: string | null = '';

  beforeAll(async () => {
    damaged = new Blob([new Uint8Array((await jpeg(1)).subarray(0, 700))]);
  });

  it('tells its owner a code and a sentence of the list, and nothing else', async () => {
    const media = await ada.uploadAndWait(damaged);
    sha256 = media.original.sha256;
    expect(media).toMatchObject({ state: 'failed', renditions: [] });
    expect(media.error).toEqual({ code: 'invalid_image', message: mediaCodes.invalid_image.sentence });
    const { json } = await call('GET', `/v1/media/poison?sha256=${sha256}`);
    expect(json.items).toMatchObject([
      { sha256, kind: 'image', code: 'invalid_image', outdated: false, failures: 1, mediaId: media.id },
    ]);
  });

  it('is refused at once when anybody sends the same bytes, with the same code', async () => {
    const { rows } = await sqlOf('select count(*)::int as n from twolane.media');
    const answer = await bob.upload(damaged);
    expect(answer.status).toBe(422);
    expect(await bodyOf(answer)).toMatchObject({
      code: 'invalid_image',
      detail: mediaCodes.invalid_image.sentence,
    });
    expect((await sqlOf('select count(*)::int as n from twolane.media')).rows).toEqual(rows);
    expect((await ada.upload(new Blob([new Uint8Array(await jpeg(2))]))).status).toBe(202);
  });

  it('is found by kind and code', async () => {
    const found = async (query: string) => (await call('GET', `/v1/media/poison?${query}`)).json.items.length;
    expect(await found('kind=image&code=invalid_image&outdated=false')).toBe(1);
    expect(await found('kind=video')).toBe(0);
    expect(await found('outdated=true')).toBe(0);
    expect((await call('GET', '/v1/media/poison?sha256=x')).status).toBe(422);
  });

  it('is offered to a newer pipeline, which runs it again in stages', async () => {
    const what = { kind: 'image', code: 'invalid_image' };
    expect(await call('POST', '/v1/media/poison/rerun', what)).toMatchObject({
      status: 409,
      json: { code: 'nothing_to_rerun' },
    });
    // Another one of the same code, which a newer pipeline has met already: it is not run again.
    const other = new Blob([new Uint8Array((await jpeg(4)).subarray(0, 700))]);
    const { sha256: met } = (await ada.uploadAndWait(other)).original;
    await sqlOf('update twolane.media_poison set pipeline = 0 where sha256 = $1', [sha256]);
    const { json } = await call('GET', '/v1/media/poison?outdated=true');
    expect(json.items).toMatchObject([{ sha256, outdated: true, pipeline: 0 }]);
    expect((await call('POST', '/v1/media/poison/rerun', { ...what, sha256: met })).json.code).toBe('nothing_to_rerun');
    const { status, json: operation } = await call('POST', '/v1/media/poison/rerun', what);
    const filter = { type: 'process-image', ids: [json.items[0].jobId] };
    expect([status, operation.action, operation.filter]).toEqual([202, 'redrive', filter]);
    await until('the second failure', async () => {
      const [record] = (await call('GET', `/v1/media/poison?sha256=${sha256}`)).json.items;
      return record.failures === 2 && record.pipeline === 1;
    });
    await until('the end', async () => (await call('GET', `/v1/operations/${operation.id}`)).json.status === 'stopped');
    expect((await call('GET', `/v1/media/poison?sha256=${met}`)).json.items).toMatchObject([{ failures: 1 }]);
  });

  it('is taken when the pipeline is newer, and forgotten when it comes out well', async () => {
    const good = await jpeg(3);
    const blob = new Blob([new Uint8Array(good)]);
    const { createHash } = await import('node:crypto');
    const sha = createHash('sha256').update(good).digest('hex');
    const poison = (pipeline: number) =>
      sqlOf(
        `insert into twolane.media_poison (sha256, kind, pipeline, code, media_id, job_id)
         values ($1, 'image', $2, 'image_crashed', 1, 1) on conflict (sha256) do update set pipeline = $2`,
        [sha, pipeline],
      );
    await poison(1);
    expect((await bob.upload(blob)).status).toBe(422);
    await poison(0);
    expect(await bob.uploadAndWait(blob)).toMatchObject({ state: 'ready' });
    expect((await call('GET', `/v1/media/poison?sha256=${sha}`)).json.items).toEqual([]);
  });
});
