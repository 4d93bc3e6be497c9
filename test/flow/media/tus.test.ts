/** Uploads in pieces (tus 1.0.0) and straight to the bucket, over the S3 file store and two API processes. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import express from 'express';
import sharp from 'sharp';
import { Upload, type UploadOptions } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectUploadsJob } from '../../../jobs/bulk/collect-uploads.job.ts';
import { loadConfig } from '../../../src/config.ts';
import { silentLogger } from '../../../src/contract/index.ts';
import type { Twolane } from '../../../src/twolane.ts';
import { createApp } from '../../../workers/app.ts';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { type S3Server, startS3 } from '../../support/s3-server.ts';
import { until } from '../../support/stack.ts';

const path = '/v1/uploads/tus';
let s3: S3Server;
let app: TestApp;
/** A second process of the API would share nothing with the first but the servers: so does this. */
let other: { twolane: Twolane; server: Server; url: string };

beforeAll(async () => {
  s3 = await startS3();
  const settings = {
    TWOLANE_S3_BUCKET: s3.bucket,
    TWOLANE_S3_ENDPOINT: s3.endpoint,
    TWOLANE_S3_REGION: 'us-east-1',
    TWOLANE_S3_PATH_STYLE: 'true',
    TWOLANE_MAX_UPLOAD_BYTES: '20000000',
    TWOLANE_OWNER_MAX_UPLOADS: '5',
  };
  app = await startTestApp({ settings });
  const twolane = createApp(loadConfig(app.environment), { logger: silentLogger });
  await twolane.start();
  const server = createServer(express().use(twolane.api()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  other = { twolane, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});
afterAll(async () => {
  other?.server.closeAllConnections();
  other?.server.close();
  await other?.twolane.close();
  await app?.stop();
  await s3?.stop();
});

const headersOf = (user: string) => ({ authorization: `Bearer ${apiKey}`, 'x-acting-user': user });

/** A request of the protocol, made by hand. */
function tus(method: string, to: string, user = 'ada', headers: Record<string, string> = {}, body?: Buffer) {
  const init = { method, headers: { ...headersOf(user), 'tus-resumable': '1.0.0', ...headers } };
  return fetch(to, { ...init, ...(body && { body: new Uint8Array(body) }) });
}

const create = async (bytes: number, user = 'ada', headers: Record<string, string> = {}) => {
  const answer = await tus('POST', app.url + path, user, { 'upload-length': String(bytes), ...headers });
  return { answer, at: answer.headers.get('location') ?? '' };
};
const patch = (at: string, offset: number, body: Buffer, headers: Record<string, string> = {}, api = app.url) =>
  tus(
    'PATCH',
    api + at,
    'ada',
    { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream', ...headers },
    body,
  );
const offsetOf = async (at: string, api = app.url) =>
  Number((await tus('HEAD', api + at)).headers.get('upload-offset'));

async function noise(side: number): Promise<Buffer> {
  const raw = { width: side, height: side, channels: 3 as const };
  return sharp(randomBytes(side * side * 3), { raw })
    .png()
    .toBuffer();
}

/** The objects of the bucket; the server keeps further files beside each. */
const objects = async () => (await s3.files()).filter((file) => file.endsWith('object'));

/** Those of one upload; without one, of all. */
const partsOf = async (at = '') => (await objects()).filter((file) => file.includes(`/uploads/${at.split('/').pop()}`));

/** What a stranger's program does: uploads with the client that everybody uses. */
function send(bytes: Buffer, options: UploadOptions = {}): Promise<{ mediaId: string | undefined; url: string }> {
  let mediaId: string | undefined;
  return new Promise((resolve, reject) => {
    const upload = new Upload(Readable.from([bytes]), {
      endpoint: app.url + path,
      headers: headersOf('ada'),
      uploadSize: bytes.length,
      chunkSize: 700_000,
      retryDelays: [50, 100, 200],
      metadata: { filename: '../../etc/passwd', metadata: JSON.stringify({ trip: 'Rome' }) },
      onAfterResponse: (_request, answer) => {
        mediaId = answer.getHeader('Twolane-Media-Id') ?? mediaId;
      },
      onSuccess: () => resolve({ mediaId, url: upload.url ?? '' }),
      onError: reject,
      ...options,
    });
    upload.start();
  });
}

const ready = (id: string | undefined, user = 'ada') =>
  until('the media', async () => {
    const view = await mediaClient(app, user).view(String(id));
    return view.state === 'processing' ? undefined : view;
  });

describe('A resumable upload', { timeout: 60_000, tags: ['security'] }, () => {
  it('of the common client becomes a media, is not read back, and DELETE removes every byte', async () => {
    const picture = await noise(800);
    const { mediaId, url } = await send(picture);
    const view = await ready(mediaId);
    const sha256 = createHash('sha256').update(picture).digest('hex');
    expect(view).toMatchObject({
      state: 'ready',
      original: { sha256, bytes: picture.length },
      metadata: { trip: 'Rome' },
    });
    const head = await tus('HEAD', url);
    expect([head.status, head.headers.get('twolane-media-id')]).toEqual([200, mediaId]);
    expect(head.headers.get('upload-metadata')).toContain('filename Li4v');
    expect((await tus('GET', url)).status).toBe(405);
    expect((await tus('DELETE', url)).status).toBe(400);
    await until('the parts to go', async () => (await objects()).length === 1 + view.renditions.length);
    expect((await mediaClient(app, 'ada').request(`/v1/media/${mediaId}`, { method: 'DELETE' })).status).toBe(204);
    expect(await objects()).toEqual([]);
  });

  it('goes on where it was cut, with another process of the API', async () => {
    const picture = await noise(900);
    const { at } = await create(picture.length);
    const cut = httpRequest(app.url + at, {
      method: 'PATCH',
      headers: {
        ...headersOf('ada'),
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(picture.length),
      },
    });
    cut.on('error', () => undefined);
    cut.write(picture.subarray(0, 1_000_000));
    await new Promise((resolve) => setTimeout(resolve, 300));
    cut.destroy();
    const offset = await until('what came', async () => (await offsetOf(at, other.url)) || undefined);
    expect(offset).toBeGreaterThan(500_000);
    expect(offset).toBeLessThanOrEqual(1_000_000);
    const stale = await patch(at, 0, picture.subarray(0, 10), {}, other.url);
    expect([stale.status, (await bodyOf(stale)).code]).toEqual([409, 'upload_conflict']);
    const last = await patch(at, offset, picture.subarray(offset), {}, other.url);
    expect([last.status, last.headers.get('upload-offset')]).toEqual([204, String(picture.length)]);
    const view = await ready(last.headers.get('twolane-media-id') ?? undefined);
    expect(view.original.sha256).toBe(createHash('sha256').update(picture).digest('hex'));
  });

  it('is whole when two processes write to it at one offset', async () => {
    const picture = await noise(300);
    const { at } = await create(picture.length);
    const both = await Promise.all([app.url, other.url].map((api) => patch(at, 0, picture, {}, api)));
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    const view = await ready(both.find(({ status }) => status === 204)?.headers.get('twolane-media-id') ?? undefined);
    expect(view.original.sha256).toBe(createHash('sha256').update(picture).digest('hex'));
  });

  it('takes the pen from a request that has got stuck, in whatever process', async () => {
    const picture = await noise(400);
    const { at } = await create(picture.length);
    const stuck = httpRequest(other.url + at, {
      method: 'PATCH',
      headers: {
        ...headersOf('ada'),
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
        'content-length': String(picture.length),
      },
    });
    stuck.on('error', () => undefined);
    stuck.write(picture.subarray(0, 100_000));
    const locked = async () =>
      (await app.twolane.database.query('select from twolane.upload_locks where id = $1', [at.split('/').pop()])).rows
        .length;
    await until('the lock', async () => (await locked()) === 1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const offset = await offsetOf(at);
    expect(offset).toBe(100_000);
    const last = await patch(at, offset, picture.subarray(offset));
    expect(last.status).toBe(204);
    stuck.destroy();
    await ready(last.headers.get('twolane-media-id') ?? undefined);
    await until('the parts to go', async () => (await partsOf(at)).length === 0);
  });

  it('is for its owner alone, may be given up, and checks its pieces', async () => {
    const { answer, at } = await create(1000);
    expect(answer.status).toBe(201);
    expect(Date.parse(answer.headers.get('upload-expires') ?? '')).toBeGreaterThan(Date.now());
    for (const method of ['HEAD', 'PATCH', 'DELETE']) expect((await tus(method, app.url + at, 'eve')).status).toBe(404);
    const piece = randomBytes(100);
    const sum = `sha1 ${createHash('sha1').update(piece).digest('base64')}`;
    const wrong = await patch(at, 0, randomBytes(100), { 'upload-checksum': sum });
    expect([wrong.status, (await bodyOf(wrong)).code]).toEqual([460, 'checksum_mismatch']);
    expect((await patch(at, 0, piece, { 'upload-checksum': 'crc32 AAAA' })).status).toBe(400);
    expect(await partsOf(at)).toEqual([]);
    expect((await patch(at, 0, piece, { 'upload-checksum': sum })).headers.get('upload-offset')).toBe('100');
    expect(await partsOf(at)).toHaveLength(1);
    expect((await tus('DELETE', app.url + at)).status).toBe(204);
    expect((await tus('HEAD', app.url + at)).status).toBe(404);
    expect(await partsOf(at)).toEqual([]);
  });

  it('says what it can do, and refuses what it will not take', async () => {
    const options = await fetch(app.url + path, { method: 'OPTIONS' });
    expect(Object.fromEntries(options.headers)).toMatchObject({
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,checksum,expiration,termination',
      'tus-max-size': '20000000',
      'tus-checksum-algorithm': 'sha1,sha256,sha512,md5',
    });
    const refused = async (headers: Record<string, string>, status: number, code: string, body?: Buffer) => {
      const answer = await tus('POST', app.url + path, 'ada', headers, body);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([status, code]);
    };
    await refused({ 'upload-length': '9007199254740991' }, 413, 'too_large');
    await refused({ 'upload-defer-length': '1' }, 501, 'tus_refused');
    const badJson = Buffer.from('no json').toString('base64');
    await refused({ 'upload-length': '9', 'upload-metadata': `metadata ${badJson}` }, 422, 'invalid_upload');
    const text = Buffer.from('just some text, whatever its name');
    const along = { 'upload-length': String(text.length), 'content-type': 'application/offset+octet-stream' };
    await refused(along, 415, 'unsupported_media', text);
    expect(await partsOf()).toEqual([]);
  });

  it('beyond the quota is refused; abandoned ones are collected, finished ones never', async () => {
    const query = (text: string) => app.twolane.database.query(text);
    await query(`update twolane.uploads set expires_at = now() - interval '1 s' where owner_id = 'ada'`);
    const kim: string[] = [];
    for (let count = 0; count < 5; count += 1) kim.push((await create(1000, 'kim')).at);
    const sixth = (await create(1000, 'kim')).answer;
    expect([sixth.status, (await bodyOf(sixth)).code]).toEqual([429, 'too_many_uploads']);
    const picture = await noise(50);
    const whole = await tus(
      'POST',
      app.url + path,
      'lee',
      { 'upload-length': String(picture.length), 'content-type': 'application/offset+octet-stream' },
      picture,
    );
    const mediaId = whole.headers.get('twolane-media-id') ?? undefined;
    const view = await ready(mediaId, 'lee');
    await query(`update twolane.uploads set expires_at = now() - interval '1 s' where owner_id in ('kim', 'lee')`);
    expect((await tus('HEAD', app.url + kim[0], 'kim')).status).toBe(404);
    const { id } = await app.twolane.enqueue(collectUploadsJob, {});
    await until('the collection', async () => (await app.twolane.operations.get(id))?.state === 'succeeded');
    expect((await query('select from twolane.uploads')).rows).toEqual([]);
    expect(await partsOf()).toEqual([]);
    expect((await fetch(app.url + view.renditions[0]?.url)).status).toBe(200);
    expect((await create(1000, 'kim')).answer.status).toBe(201);
  });
});

describe('An upload straight to the bucket', { timeout: 60_000 }, () => {
  const post = async (to: string, body: object, user = 'pia') => {
    const headers = { 'content-type': 'application/json' };
    return mediaClient(app, user).request(to, { method: 'POST', body: JSON.stringify(body), headers });
  };
  const finish = (key: string, user?: string) => post('/v1/uploads/presigned/finish', { key }, user);

  it('is of the agreed size, handed over by its owner alone, and processed like any other', async () => {
    const picture = await noise(200);
    const sha256 = createHash('sha256').update(picture).digest('hex');
    const asked = await post('/v1/uploads/presigned', { bytes: picture.length, sha256, metadata: { by: 'door' } });
    expect(asked.status).toBe(201);
    const door = await bodyOf(asked);
    const put = (body: Buffer) => fetch(door.url, { method: 'PUT', body: new Uint8Array(body) });
    const early = await finish(door.key);
    expect([early.status, (await bodyOf(early)).code]).toEqual([409, 'upload_incomplete']);
    expect((await put(Buffer.concat([picture, picture]))).status).toBe(403);
    expect((await put(picture)).status).toBe(200);
    expect((await finish(door.key, 'eve')).status).toBe(404);
    expect((await finish(door.key.replace('uploads/', 'originals/'))).status).toBe(404);
    const accepted = await Promise.all([finish(door.key), finish(door.key)]);
    expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
    const [first, second] = await Promise.all(accepted.map(bodyOf));
    expect(first.id).toBe(second.id);
    const view = await ready(first.id, 'pia');
    expect(view).toMatchObject({ state: 'ready', original: { sha256 }, metadata: { by: 'door' } });
  });

  it('of other bytes than announced fails, and is too large before it is anything', async () => {
    const picture = await noise(60);
    const door = await bodyOf(await post('/v1/uploads/presigned', { bytes: picture.length, sha256: 'ab'.repeat(32) }));
    await fetch(door.url, { method: 'PUT', body: new Uint8Array(picture) });
    const view = await ready((await bodyOf(await finish(door.key))).id, 'pia');
    expect(view).toMatchObject({ state: 'failed', error: { code: 'checksum_mismatch' } });
    const large = await post('/v1/uploads/presigned', { bytes: 20_000_001 });
    expect([large.status, (await bodyOf(large)).code]).toEqual([413, 'too_large']);
  });
});
