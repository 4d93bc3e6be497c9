/** A photo from the upload to its renditions: the API, the ledger, a worker on BullMQ and the file store together. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { bodyOf, mediaClient } from '../support/media-client.ts';
import { largePhoto, quarters } from '../support/pictures.ts';
import { until } from '../support/stack.ts';

const limit = 8_000_000;
let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-photo-'));
  app = await startTestApp({ settings: { TWOLANE_MAX_UPLOAD_BYTES: String(limit) } });
  ada = mediaClient(app, 'ada');
  await largePhoto(join(scratch, 'large.jpg'));
});
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

/** Every file in the store, unfinished ones included. */
async function storedFiles(): Promise<string[]> {
  const folder = app.config.TWOLANE_FILES_DIR;
  // A folder of a job may go while it is looked at.
  const look = () => readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const entries = await until('a look at the files', look, { everyMs: 10 });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const smallPhoto = async (quality = 80) =>
  new Blob([
    new Uint8Array(
      await sharp(await quarters(60, 40))
        .jpeg({ quality })
        .toBuffer(),
    ),
  ]);

describe('A photo', { timeout: 90_000 }, () => {
  it('of 12 megapixels is answered with 202 and becomes renditions that anyone with the link can see', async () => {
    const answer = await ada.upload(join(scratch, 'large.jpg'), { album: 'holidays' });
    expect(answer.status).toBe(202);
    const { id, jobId } = await bodyOf(answer);
    expect(answer.headers.get('location')).toBe(`/v1/media/${id}`);

    const { told } = await ada.events(id);
    const last = told.at(-1);
    expect(last).toMatchObject({ event: 'state', id: 'ready', data: { id, state: 'ready' } });
    expect(told.slice(0, -1).every((each) => each.event === 'progress' && each.data.state === 'processing')).toBe(true);

    const media = await ada.view(id);
    const bytes = await readFile(join(scratch, 'large.jpg'));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(media).toMatchObject({
      ownerId: 'ada',
      kind: 'image',
      state: 'ready',
      jobId,
      original: { contentType: 'image/jpeg', bytes: bytes.length, width: 4000, height: 3000, sha256 },
      metadata: { album: 'holidays' },
    });
    expect(media.renditions).toHaveLength(14);
    for (const rendition of media.renditions) {
      const served = await fetch(app.url + rendition.url);
      const body = Buffer.from(await served.arrayBuffer());
      expect(served.headers.get('content-type')).toBe(`image/${rendition.format}`);
      expect(body.length).toBe(rendition.bytes);
      expect(await sharp(body).metadata()).toMatchObject({ width: rendition.width, height: rendition.height });
    }
    expect((await app.twolane.operations.get(jobId))?.state).toBe('succeeded');
  });

  it('tells a client that comes back after the last event that there is nothing more', async () => {
    const media = await ada.uploadAndWait(await smallPhoto());
    expect((await ada.events(media.id, 'ready')).status).toBe(204);
    expect((await ada.events(media.id, 'running-5')).told).toMatchObject([{ event: 'state', id: 'ready' }]);
  });

  it('that is damaged fails with a reason, and its job is dead', async () => {
    const sound = await readFile(join(scratch, 'large.jpg'));
    const media = await ada.uploadAndWait(new Blob([new Uint8Array(sound.subarray(0, 200_000))]));
    expect(media).toMatchObject({ state: 'failed', error: { code: 'invalid_image' }, renditions: [] });
    expect((await app.twolane.operations.get(media.jobId))?.state).toBe('dead');
  });

  it('is listed for its owner only, and gone with its bytes when removed', async () => {
    const bob = mediaClient(app, 'bob');
    const first = await bob.uploadAndWait(await smallPhoto());
    const second = await bob.uploadAndWait(await smallPhoto(70));
    const page = await bodyOf(await bob.request('/v1/media?limit=1'));
    expect(page.items.map((each: { id: string }) => each.id)).toEqual([second.id]);
    const next = await (await bob.request(`/v1/media?limit=1&cursor=${page.nextCursor}`)).json();
    expect(next).toMatchObject({ items: [{ id: first.id }], nextCursor: null });

    const before = (await storedFiles()).length;
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['GET', '/events'],
    ] as const)
      expect((await ada.request(`/v1/media/${first.id}${path}`, { method })).status).toBe(404);
    expect((await bob.request(`/v1/media/${first.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await bob.request(`/v1/media/${first.id}`)).status).toBe(404);
    expect((await fetch(app.url + first.renditions[0]?.url)).status).toBe(404);
    expect(before - (await storedFiles()).length).toBe(1 + first.renditions.length);
  });
});

describe('A file', { tags: ['security'] }, () => {
  let url = '';
  let whole: Buffer;
  const get = (headers: Record<string, string> = {}, method = 'GET') => fetch(url, { method, headers });
  /** Without the `Cache-Control: no-cache` that fetch adds to conditional requests. */
  const statusOf = (headers: Record<string, string>) =>
    new Promise((resolve) => httpRequest(url, { headers }, (answer) => resolve(answer.resume().statusCode)).end());

  beforeAll(async () => {
    const media = await ada.uploadAndWait(await smallPhoto());
    url = app.url + media.renditions[0]?.url;
    whole = Buffer.from(await (await fetch(url)).arrayBuffer());
  });

  it('is immutable, never sniffed, sandboxed, and revalidated by its tag', async () => {
    const { headers } = await get();
    expect(headers.get('cache-control')).toContain('immutable');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    const tag = headers.get('etag') ?? '';
    expect(tag).toMatch(/^"/);
    expect(await statusOf({ 'if-none-match': tag })).toBe(304);
    const head = await get({}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(whole.length)]);
  });

  it('is served in ranges', async () => {
    const middle = await get({ range: 'bytes=2-5' });
    expect([middle.status, middle.headers.get('content-range')]).toEqual([206, `bytes 2-5/${whole.length}`]);
    expect(Buffer.from(await middle.arrayBuffer())).toEqual(whole.subarray(2, 6));
    const tail = await get({ range: 'bytes=-3' });
    expect(Buffer.from(await tail.arrayBuffer())).toEqual(whole.subarray(-3));
    expect((await get({ range: `bytes=${whole.length}-` })).status).toBe(416);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"another"' })).status).toBe(200);
  });

  it('is never an original, nor anything outside of the published ones', async () => {
    const originals = (await storedFiles()).filter((path) => path.includes('/originals/'));
    expect(originals.length).toBeGreaterThan(0);
    const key = originals[0]?.slice(app.config.TWOLANE_FILES_DIR.length);
    for (const path of [key, '/media/1/../../originals', '/..%2f..%2fetc/passwd', '/media/1/1-00/x.webp', '/'])
      expect((await fetch(`${app.url}/files${path}`)).status, path).toBe(404);
  });
});

describe('An upload', { tags: ['security'] }, () => {
  const refused = async (answer: Response, status: number, code: string) => {
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect([answer.status, (await bodyOf(answer)).code]).toEqual([status, code]);
  };
  const form = (...fields: [name: string, value: string | Blob][]) => {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    return ada.request('/v1/uploads', { method: 'POST', body });
  };
  const raw = (body: string, type = 'multipart/form-data; boundary=edge') =>
    ada.request('/v1/uploads', { method: 'POST', body, headers: { 'content-type': type } });

  it('that does not fit is refused with a code, and leaves nothing behind', async () => {
    const before = await storedFiles();
    const photo = await smallPhoto();
    await refused(await form(['file', new Blob(['just some text, whatever its name'])]), 415, 'unsupported_media');
    await refused(
      await form(['file', new Blob(['#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n'])]),
      415,
      'unsupported_media',
    );
    await refused(
      await form(['file', new Blob(['<svg xmlns="http://www.w3.org/2000/svg"/>'])]),
      415,
      'unsupported_media',
    );
    await refused(await form(['file', new Blob([])]), 422, 'empty_file');
    await refused(await form(['picture', photo]), 422, 'invalid_upload');
    await refused(await form(['file', photo], ['file', photo]), 422, 'invalid_upload');
    await refused(await form(['file', photo], ['metadata', '{}']), 422, 'invalid_upload');
    await refused(await form(['metadata', 'no json'], ['file', photo]), 422, 'invalid_upload');
    await refused(await form(['metadata', '{}']), 422, 'invalid_upload');
    await refused(await form(['other', 'x'], ['file', photo]), 422, 'invalid_upload');
    await refused(await raw('{}', 'application/json'), 415, 'not_multipart');
    await refused(await raw('--edge\r\nnonsense'), 400, 'malformed_multipart');
    await refused(await raw('x', 'multipart/form-data; charset=utf-8'), 400, 'malformed_multipart');
    expect(await storedFiles()).toEqual(before);
  });

  it('that ends in the middle of the file is no upload', async () => {
    const before = await storedFiles();
    const picture = Buffer.from(await (await smallPhoto()).arrayBuffer()).toString('latin1');
    const head = '--edge\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n';
    await refused(await raw(head + picture), 400, 'malformed_multipart');
    expect(await storedFiles()).toEqual(before);
  });

  it('that is too large is refused, whether it says so or not', async () => {
    const before = await storedFiles();
    const large = new Uint8Array(limit + 1_000_000);
    large.set(new Uint8Array(await (await smallPhoto()).arrayBuffer()));
    await refused(await form(['file', new Blob([large])]), 413, 'too_large');
    const body = new Response(new FormData());
    const boundary = /boundary=(.*)$/.exec(body.headers.get('content-type') ?? '')?.[1] ?? 'edge';
    const silent = new ReadableStream({
      start(controller) {
        const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n`;
        controller.enqueue(new TextEncoder().encode(head));
        controller.enqueue(large);
        controller.enqueue(new TextEncoder().encode(`\r\n--${boundary}--\r\n`));
        controller.close();
      },
    });
    const init = {
      method: 'POST',
      body: silent,
      duplex: 'half',
      headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    };
    await refused(await ada.request('/v1/uploads', init as RequestInit), 413, 'too_large');
    expect(await storedFiles()).toEqual(before);
  });

  it('whose client goes away leaves nothing behind', async () => {
    const before = await storedFiles();
    const picture = Buffer.from(await (await smallPhoto()).arrayBuffer());
    const upload = httpRequest(`${app.url}/v1/uploads`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${apiKey}`,
        'x-acting-user': 'ada',
        'content-type': 'multipart/form-data; boundary=edge',
        'content-length': '1000000',
      },
    });
    upload.on('error', () => undefined);
    upload.write('--edge\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n');
    upload.write(Buffer.concat([picture, Buffer.alloc(100_000)]));
    await until('the unfinished file', async () => (await storedFiles()).length > before.length);
    upload.destroy();
    await until('its removal', async () => (await storedFiles()).length === before.length);
  });

  it('without a user is refused before its body is read', async () => {
    const answer = await fetch(`${app.url}/v1/uploads`, { method: 'POST', body: new FormData() });
    expect(answer.status).toBe(401);
  });
});
