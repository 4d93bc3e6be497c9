/** Uploads as multipart: announced hashes, the same bytes twice, quotas, a full disk, memory, and what crashes leave behind. */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectUploadsJob } from '../../../jobs/bulk/collect-uploads.job.ts';
import { diskStore } from '../../../src/files/disk-store.ts';
import { apiKey, startTestApp, type TestApp } from '../../support/app.ts';
import { long } from '../../support/long.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
const mib = 1024 * 1024;

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_OWNER_MAX_BYTES: String(mib), TWOLANE_OWNER_MAX_UPLOADS: '40' } });
});
afterAll(() => app?.stop());

async function storedFiles(folder = app.config.TWOLANE_FILES_DIR): Promise<string[]> {
  // A folder of a job may go while it is looked at.
  const look = () => readdir(folder, { recursive: true, withFileTypes: true }).catch(() => undefined);
  const entries = await until('a look at the files', look, { everyMs: 10 });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

let hue = 0;
/** A picture that no other call gives. */
async function photo(): Promise<Buffer> {
  hue += 1;
  return sharp({ create: { width: 40, height: 30, channels: 3, background: { r: hue, g: 90, b: 20 } } })
    .jpeg()
    .toBuffer();
}

const blobOf = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const usage = async (owner: string) => {
  const text = `select sum(bytes)::int as bytes, sum(uploads)::int as uploads from twolane.media_usage where name = $1`;
  return (await app.twolane.database.query(text, [owner])).rows[0];
};

describe('The hash of an upload', () => {
  const ada = () => mediaClient(app, 'ada');
  const form = (...fields: [string, string | Blob][]) => {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    return ada().request('/v1/uploads', { method: 'POST', body });
  };
  const digested = (body: string, digest: string) =>
    ada().request('/v1/uploads', {
      method: 'POST',
      body,
      headers: { 'content-type': 'multipart/form-data; boundary=edge', 'content-digest': digest },
    });

  it('that its field or its header announces is checked, and nothing is kept of what is otherwise', async () => {
    const before = await storedFiles();
    const picture = await photo();
    for (const [hash, code] of [
      [hashOf(await photo()), 'checksum_mismatch'],
      ['abc', 'invalid_upload'],
    ] as const) {
      const answer = await form(['sha256', hash], ['file', blobOf(picture)]);
      expect([answer.status, (await bodyOf(answer)).code]).toEqual([422, code]);
    }
    const gif = 'GIF89a\u0001\u0000\u0001\u0000\u0000\u0000\u0000;';
    const body = `--edge\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n${gif}\r\n--edge--\r\n`;
    const digest = createHash('sha256').update(body).digest('base64');
    const wrong = await digested(body.replace('89a', '87a'), `sha-512=:x:, sha-256=:${digest}:`);
    expect([wrong.status, (await bodyOf(wrong)).code]).toEqual([422, 'checksum_mismatch']);
    expect(await storedFiles()).toEqual(before);
    expect(await usage('ada')).toEqual({ bytes: 0, uploads: 0 });

    const right = [
      await digested(body, `md5=:x:, sha-256=:${digest}:`),
      await form(['sha256', hashOf(picture).toUpperCase()], ['file', blobOf(picture)]),
    ];
    expect(right.map(({ status }) => status)).toEqual([202, 202]);
    for (const answer of right) {
      const { id } = await bodyOf(answer);
      await until('its end', async () => (await ada().view(id)).state !== 'processing');
    }
  });
});

describe('The same photo', { timeout: 60_000 }, () => {
  it('twenty times at once is processed once, and its bytes go with the last of the twenty', async () => {
    const bob = mediaClient(app, 'bob');
    const picture = blobOf(await photo());
    const before = (await storedFiles()).length;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => bodyOf(await bob.upload(picture, { index }))),
    );
    expect(new Set(answers.map(({ id }) => id)).size).toBe(20);
    expect(new Set(answers.map(({ jobId }) => jobId)).size).toBe(1);
    const ready = async () => {
      const views = await Promise.all(answers.map(({ id }) => bob.view(id)));
      return views.every(({ state }) => state === 'ready') ? views : undefined;
    };
    const views = await until('all of them ready', ready, { timeoutMs: 40_000 });
    expect(views.map(({ metadata }) => metadata)).toEqual(answers.map((_, index) => ({ index })));
    const [first, ...others] = views;
    for (const other of others) expect(other.renditions).toEqual(first?.renditions);

    const late = await bob.view((await bodyOf(await bob.upload(picture))).id);
    expect([late.state, late.jobId]).toEqual(['ready', first?.jobId]);
    const stored = 1 + (first?.renditions.length ?? 0);
    expect((await storedFiles()).length - before).toBe(stored);

    const eve = mediaClient(app, 'eve');
    expect((await eve.uploadAndWait(picture)).jobId).not.toBe(first?.jobId);
    const [last, ...rest] = [late.id, ...answers.map(({ id }) => id)].reverse();
    for (const id of rest) expect((await bob.request(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(204);
    const url = app.url + (await bob.view(String(last))).renditions[0]?.url;
    expect((await fetch(url)).status).toBe(200);
    await bob.request(`/v1/media/${last}`, { method: 'DELETE' });
    expect((await fetch(url)).status).toBe(404);
    // What is left is the other owner's.
    expect((await storedFiles()).length - before).toBe(stored);
    expect(await usage('bob')).toEqual({ bytes: 0, uploads: 0 });
  });

  it('that is removed before it is processed leaves the processing to the other one', async () => {
    const { twolane } = app;
    const cat = mediaClient(app, 'cat');
    const picture = blobOf(await photo());
    await twolane.operations.pause('bulk/image');
    const first = await bodyOf(await cat.upload(picture));
    const second = await bodyOf(await cat.upload(picture));
    await cat.request(`/v1/media/${first.id}`, { method: 'DELETE' });
    await twolane.operations.resume('bulk/image');
    const over = async () => (await cat.view(second.id)).state === 'ready';
    await until('the second one', over, { timeoutMs: 40_000 });
    const view = await cat.view(second.id);
    expect((await fetch(app.url + view.renditions[0]?.url)).status).toBe(200);
  });
});

describe('A quota', () => {
  it('refuses what would go beyond it, and gives the room back with a removal', async () => {
    const dan = mediaClient(app, 'dan');
    const noise = async (side: number) => {
      const raw = { width: side, height: side, channels: 3 as const };
      return blobOf(
        await sharp(randomBytes(side * side * 3), { raw })
          .png()
          .toBuffer(),
      );
    };
    const large = await noise(450);
    const { id } = await bodyOf(await dan.upload(large));
    const refused = await dan.upload(await noise(400));
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([413, 'quota_exceeded']);
    await dan.request(`/v1/media/${id}`, { method: 'DELETE' });
    expect((await dan.upload(large)).status).toBe(202);
  });
});

describe('What a crash left', () => {
  it('of an upload, of a removal and of a job is collected', async () => {
    const { database } = app.twolane;
    const files = diskStore({ folder: app.config.TWOLANE_FILES_DIR });
    const fay = mediaClient(app, 'fay');
    const half = await fay.uploadAndWait(blobOf(await photo()));
    const before = (await storedFiles()).length;
    await files.write('originals/aa/left', Readable.from([Buffer.from('left')]), { maxBytes: 10 });
    await database.query(
      `insert into twolane.uploads (id, kind, owner_id, bytes, held, key, expires_at)
       values (repeat('a', 32), 'form', 'fay', 4, 4, 'originals/aa/left', now() - interval '1 s'),
         (repeat('b', 32), 'form', 'fay', 4, 4, 'originals/aa/under-way', now() + interval '1 h')`,
    );
    await database.query(`update twolane.media set removed_at = now() - interval '1 h' where id = $1`, [half.id]);
    const { id } = await app.twolane.enqueue(collectUploadsJob, {});
    await until('the collection', async () => (await app.twolane.operations.get(id))?.state === 'succeeded');
    expect(before - (await storedFiles()).length).toBe(1 + half.renditions.length);
    const left = await database.query(`select id from twolane.uploads where owner_id = 'fay'`);
    expect(left.rows).toEqual([{ id: 'b'.repeat(32) }]);
    expect((await database.query('select from twolane.media where id = $1', [half.id])).rows).toEqual([]);
    expect(await usage('fay')).toEqual({ bytes: 4, uploads: 1 });
  });
});

describe('An API without workers', { timeout: 600_000 }, () => {
  let folder = '';
  let api: TestApp;
  let mounted = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twolane-small-disk-'));
    mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder]).status === 0;
  });
  afterAll(async () => {
    if (mounted) spawnSync('umount', [folder]);
    await rm(folder, { recursive: true, force: true });
  });

  const start = (settings: Record<string, string>) => startTestApp({ worker: false, scheduler: false, settings });
  const headOfVideo = Buffer.concat([
    Buffer.from([0, 0, 0, 24]),
    Buffer.from('ftypisom\0\0\0\0isommp42'),
    Buffer.alloc(4096),
  ]);

  /** Sends so many bytes of a video without ever holding them, and answers the status. */
  function sendVideo(bytes: number): Promise<{ status: number; code?: string }> {
    const head = Buffer.from('--edge\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
    const tail = Buffer.from('\r\n--edge--\r\n');
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        'x-acting-user': 'ada',
        'content-type': 'multipart/form-data; boundary=edge',
        'content-length': String(head.length + bytes + tail.length),
      };
      const call = httpRequest(`${api.url}/v1/uploads`, { method: 'POST', headers }, async (answer) => {
        const text = Buffer.concat(await answer.toArray()).toString();
        resolve({ status: answer.statusCode ?? 0, ...(JSON.parse(text) as object) });
      });
      call.on('error', reject);
      const piece = Buffer.alloc(mib, 7);
      const body = function* () {
        yield head;
        yield headOfVideo;
        for (let left = bytes - headOfVideo.length; left > 0; left -= piece.length) yield piece.subarray(0, left);
        yield tail;
      };
      Readable.from(body()).pipe(call);
    });
  }

  it('says that the disk is full, keeps nothing, and serves on', async (context) => {
    if (!mounted) context.skip('mounting a small file system is not allowed here');
    api = await start({ TWOLANE_FILES_DIR: folder });
    expect(await sendVideo(5 * mib)).toMatchObject({ status: 507, code: 'disk_full' });
    expect(await storedFiles(folder)).toEqual([]);
    expect(await sendVideo(mib)).toMatchObject({ status: 202 });
    await api.stop();
  });

  async function grownBy(bytes: number): Promise<number> {
    api = await start({});
    await sendVideo(8 * mib);
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 50);
    expect(await sendVideo(bytes)).toMatchObject({ status: 202 });
    clearInterval(watch);
    await api.stop();
    return (most - before) / mib;
  }

  it('grows by less than 64 MiB over an upload of 256 MB', async () => {
    expect(await grownBy(256_000_000)).toBeLessThan(64);
  });

  it('grows by less than 64 MiB over an upload of 4 GB', long, async () => {
    expect(await grownBy(4_000_000_000)).toBeLessThan(64);
  });
});
