/** Twolane as a service: media that lie elsewhere, pages of other origins, and POSTs that may be repeated. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MediaView } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller, type TestServer } from '../support/http.ts';
import { quarters } from '../support/pictures.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { until } from '../support/stack.ts';

const origin = 'https://app.example';

describe('The service', () => {
  let app: TestApp;
  let call: TestServer['call'];
  let receiver: Receiver;
  let source: Server;
  let sourceUrl: string;
  let picture: Buffer;
  /** Answers before the one that is meant. */
  let troubles = 0;
  const asked: string[] = [];

  const post = (path: string, body?: unknown, headers = {}) => call('POST', path, { token: apiKey, body, headers });
  const handOver = async (from: object, more = {}) =>
    (await post('/v1/media', { source: from, ownerId: 'ana', ...more })).json;
  const view = async (id: string): Promise<MediaView> =>
    (await call('GET', `/v1/media/${id}`, { token: apiKey, headers: { 'x-acting-user': 'ana' } })).json;
  const over = (id: string) =>
    until(`media ${id} is over`, async () => {
      const now = await view(id);
      return now.state === 'processing' ? undefined : now;
    });

  beforeAll(async () => {
    picture = await quarters(64, 48);
    receiver = await startReceiver();
    source = createServer((req, res) => {
      asked.push(req.url ?? '');
      if (req.url === '/moved') return void res.writeHead(302, { location: '/photo.png' }).end();
      if (req.url === '/inside') return void res.writeHead(302, { location: 'http://169.254.169.254/' }).end();
      if (req.url === '/page') return void res.end('<html>');
      if (req.url === '/huge') return void res.writeHead(200, { 'content-length': 999_999_999 }).write('x');
      if (req.url === '/endless') return void Readable.from(endless(picture)).pipe(res);
      if (req.url === '/shaky' && troubles-- > 0) return void res.writeHead(503, { 'retry-after': '1' }).end();
      if (req.url === '/gone') return void res.writeHead(410).end();
      res.end(picture);
    });
    await new Promise<void>((resolve) => source.listen(0, '127.0.0.1', resolve));
    sourceUrl = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
    app = await startTestApp({
      settings: {
        TWOLANE_OUTGOING_ALLOW: '127.0.0.1',
        TWOLANE_CORS_ORIGINS: `${origin}, https://other.example`,
        TWOLANE_MAX_UPLOAD_BYTES: '1000000',
      },
    });
    call = caller(app.url);
    await post('/v1/webhooks', { url: `${receiver.url}/media`, events: ['media.ready', 'media.failed'] });
  });
  afterAll(async () => {
    await app?.stop();
    await receiver?.close();
    source?.closeAllConnections();
    await new Promise((resolve) => source.close(resolve));
  });

  it('takes a photo from a URL, through redirects and bad moments, and tells when it is ready', async () => {
    troubles = 1;
    const metadata = { album: 3 };
    const [moved, shaky] = await Promise.all(
      ['/moved', '/shaky'].map((path) => handOver({ url: sourceUrl + path }, { metadata })),
    );
    expect(await view(moved.id)).toMatchObject({ id: moved.id, ownerId: 'ana', state: expect.any(String), metadata });
    for (const { id, jobId } of [moved, shaky]) {
      const ready = await over(id);
      expect(ready).toMatchObject({ state: 'ready', kind: 'image', metadata });
      expect(ready.original).toMatchObject({ contentType: 'image/png', bytes: picture.length, width: 64, height: 48 });
      expect(ready.jobId).not.toBe(jobId);
    }
    expect(asked.filter((path) => path === '/shaky')).toHaveLength(2);
    const told = await until('both are told', () =>
      receiver.at('/media').length < 2 ? undefined : receiver.at('/media'),
    );
    expect(told.find(({ json }) => json.data.id === moved.id)?.json).toMatchObject({
      type: 'media.ready',
      data: { ownerId: 'ana', kind: 'image', state: 'ready', error: null, metadata },
    });
  });

  it('tells of a post when it is visible', async () => {
    await post('/v1/webhooks', { url: `${receiver.url}/posts`, events: ['post.published'] });
    const { id: mediaId } = await handOver({ url: `${sourceUrl}/photo.png` });
    await over(mediaId);
    const made = await post('/v1/posts', { mediaIds: [mediaId], caption: 'secret' }, { 'x-acting-user': 'ana' });
    const [told] = await until('it is told', () =>
      receiver.at('/posts').length > 0 ? receiver.at('/posts') : undefined,
    );
    expect(told?.json).toMatchObject({ type: 'post.published', data: { id: made.json.id, authorId: 'ana' } });
    expect(told?.body).not.toContain('secret');
  });

  it('takes a file of the drop folder and leaves it there; no other key leads anywhere', async () => {
    const files = diskStore({ folder: app.config.TWOLANE_FILES_DIR });
    await files.write('incoming/2026/beach.png', Readable.from([picture]), { maxBytes: 1e6 });
    await files.write('originals/ab/secret', Readable.from([picture]), { maxBytes: 1e6 });
    const { id } = await handOver({ key: 'incoming/2026/beach.png' });
    expect(await over(id)).toMatchObject({ state: 'ready', kind: 'image' });
    expect(await files.open('incoming/2026/beach.png')).toBeDefined();
    for (const key of [
      ...['originals/ab/secret', 'incoming/../originals/ab/secret', 'incoming//../../etc/passwd', '/etc/passwd'],
      ...[
        'incoming/none.png',
        'incoming/2026',
        'incoming/%2e%2e/originals/ab/secret',
        'incoming\\..\\originals',
        'incoming/',
      ],
    ]) {
      const refused = await post('/v1/media', { source: { key }, ownerId: 'ana' });
      expect([key, refused.status, refused.json.code]).toEqual([key, 422, 'source_missing']);
    }
  });

  it('says what was wrong with a source, once, and retries nothing that stays wrong', async () => {
    const wrong = {
      '/gone': 'source_missing',
      '/page': 'unsupported_media',
      '/huge': 'too_large',
      '/endless': 'too_large',
      '/inside': 'url_refused',
    };
    const taken = await Promise.all(
      Object.entries(wrong).map(async ([path, code]) => ({
        path,
        code,
        ...(await handOver({ url: sourceUrl + path })),
      })),
    );
    for (const { id, path, code } of taken) {
      expect([path, (await over(id)).error?.code]).toEqual([path, code]);
      expect(asked.filter((one) => one === path)).toHaveLength(1);
    }
    await until(
      'failures are told',
      () => receiver.at('/media').filter(({ json }) => json.type === 'media.failed').length === 5,
    );
    for (const url of ['http://10.0.0.1/', 'ftp://example.com/', 'http://u:p@127.0.0.1/', 'nothing']) {
      const refused = await post('/v1/media', { source: { url }, ownerId: 'ana' });
      expect([url, refused.status, refused.json.errors[0].pointer]).toEqual([url, 422, '/source/url']);
    }
    const user = await call('POST', '/v1/media', { body: {} });
    expect(user.status).toBe(401);
  });

  it('answers pages of the origins that are configured, without cookies, and no others', async () => {
    const preflight = (from: string) =>
      call('OPTIONS', '/v1/jobs', {
        headers: {
          origin: from,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight(origin);
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-allow-headers')).toContain('Authorization');
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    for (const path of ['/v1/jobs/1', '/files/none']) {
      const answer = await call('GET', path, { token: apiKey, headers: { origin } });
      expect([path, answer.headers.get('access-control-allow-origin')]).toEqual([path, origin]);
      expect(answer.headers.get('access-control-expose-headers')).toContain('Retry-After');
      expect(answer.headers.get('vary')).toContain('Origin');
    }
    const plain = await call('OPTIONS', '/v1/jobs');
    expect([plain.status, plain.headers.get('allow')]).toEqual([204, expect.stringContaining('POST')]);
    expect((await call('GET', '/ops', { headers: { origin } })).headers.get('access-control-allow-origin')).toBeNull();
  });

  describe('every POST of a known caller', () => {
    /** A body that fits, for each POST that takes one. */
    const bodies: Readonly<Record<string, unknown>> = {
      '/v1/jobs': { type: 'none', payload: {} },
      '/v1/jobs/bulk': { jobs: [{ type: 'none', payload: {} }] },
      '/v1/flows': { flow: { type: 'none', payload: {} } },
      '/v1/jobs/{id}/discard': {},
      '/v1/jobs/{id}/retry': {},
      '/v1/operations': { action: 'discard', filter: { type: 'none' } },
      '/v1/schedules/{name}/run': {},
      '/v1/media': { source: { url: 'http://127.0.0.1:1/' }, ownerId: 'ana' },
      '/v1/media/plan': { mediaId: '1' },
      '/v1/media/poison/rerun': { kind: 'image', code: 'none' },
      '/v1/media/{id}/renditions': { avif: true },
      '/v1/uploads/presigned': { bytes: 1 },
      '/v1/uploads/presigned/finish': { key: 'uploads/none' },
      '/v1/tokens': { userId: 'ana' },
      '/v1/webhooks': { url: 'http://127.0.0.1:1/', events: ['job.dead'] },
      '/v1/webhooks/{id}/rotate': {},
      '/v1/posts': { mediaIds: ['1'], caption: 'Hello' },
      '/v1/posts/{id}/comments': { text: 'Hello' },
      '/v1/notifications/read': {},
      '/v1/notification-addresses/email/confirm': { code: '123456' },
      '/v1/push-subscriptions': {
        endpoint: 'http://127.0.0.1:1/',
        keys: { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) },
      },
      '/v1/threads': { memberIds: ['leo'] },
      '/v1/threads/{id}/messages': { text: 'Hello', clientMessageId: '1' },
      '/v1/threads/{id}/read': {},
    };
    const values = { lane: 'bulk', queue: 'none', type: 'refresh-feed', key: 'none', name: 'none' };
    const filled = (path: string) =>
      path.replaceAll(/\{(\w+)\}/g, (_all, name) => values[name as keyof typeof values] ?? '1');

    it('answers a repeat as it answered first, and refuses another body under the same key', async () => {
      const document = (await call('GET', '/openapi.json')).json;
      const routes = Object.entries<Record<string, { security: unknown[]; requestBody?: { content: object } }>>(
        document.paths,
      )
        .flatMap(([path, methods]) => (methods.post ? [{ path, ...methods.post }] : []))
        .filter(
          ({ security, requestBody }) =>
            security.length > 0 && !('multipart/form-data' in (requestBody?.content ?? {})),
        );
      expect(routes.length).toBeGreaterThan(20);
      const wrong: unknown[] = [];
      for (const [at, { path, requestBody }] of routes.entries()) {
        const text = requestBody && JSON.stringify(bodies[path] ?? 'no body in the table');
        const acting = path === '/v1/tokens' ? {} : { 'x-acting-user': 'ana' };
        const keyed = { ...acting, 'idempotency-key': `every-${at}` };
        const send = (body: string | undefined) => post(filled(path), body, keyed);
        const [first, second] = [await send(text), await send(text)];
        if (first.json?.code === 'invalid_request')
          wrong.push([path, 'the body of this test does not fit', first.text]);
        if (second.status !== first.status || second.text !== first.text) wrong.push([path, first.text, second.text]);
        // What another moment may answer otherwise is not kept.
        if (first.status === 409) continue;
        if (second.headers.get('idempotent-replayed') !== 'true') wrong.push([path, 'ran again', second.text]);
        const other = text === undefined ? undefined : await send(`${text} `);
        if (other && other.json?.code !== 'idempotency_key_reused') wrong.push([path, 'took another body', other.text]);
      }
      expect(wrong).toEqual([]);
    });
  });
});

/** Begins as a photo and does not end. */
async function* endless(picture: Buffer) {
  yield picture;
  for (;;) yield Buffer.alloc(65_536);
}
