/** What every file store must do, written against the port; a new store adds one line to `stores`. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { s3Store } from '../../src/files/s3-store.ts';
import { type S3Server, startS3 } from '../support/s3-server.ts';

let s3: S3Server;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(() => s3.stop());

const stores: Record<string, (folder: string) => FileStore> = {
  disk: (folder) => diskStore({ folder }),
  S3: (folder) => s3Store({ folder, ...s3, region: 'us-east-1', pathStyle: true, prefix: 'of/tests' }),
};

describe.each(Object.entries(stores))('The %s file store', (_name, make) => {
  let scratch: string;
  let store: FileStore;
  const roomy = { maxBytes: 10_000_000 };
  const shared = { shared: true };

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'twolane-files-'));
    store = make(join(scratch, 'files'));
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  /** Every file of the disk and of the bucket, unfinished ones included. */
  const everything = async () => {
    const entries = await readdir(scratch, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).length + (await s3.files()).length;
  };

  it('gives back the bytes it was given, with their size and hash', async () => {
    const bytes = randomBytes(300_000);
    const stored = await store.write(
      'originals/ab/one',
      Readable.from([bytes.subarray(0, 7), bytes.subarray(7)]),
      roomy,
    );
    expect(stored).toEqual({
      key: 'originals/ab/one',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    const opened = await store.open('originals/ab/one');
    expect(opened?.bytes).toBe(bytes.length);
    expect(opened?.etag).toMatch(/^"[^"]+"$/);
    expect(await buffer(opened?.stream() as Readable)).toEqual(bytes);
    expect(await store.withLocalFile('originals/ab/one', (path) => readFile(path))).toEqual(bytes);
  });

  it('streams a range, both ends included', async () => {
    await store.write('ranges/file', Readable.from([Buffer.from('0123456789')]), roomy);
    const opened = await store.open('ranges/file');
    expect(String(await buffer(opened?.stream({ start: 2, end: 4 }) as Readable))).toBe('234');
  });

  it('changes the entity tag when a key is written again', async () => {
    await store.write('tags/file', Readable.from([Buffer.from('aaa')]), roomy);
    const before = await store.open('tags/file');
    await store.write('tags/file', Readable.from([Buffer.from('bbb')]), roomy);
    expect((await store.open('tags/file'))?.etag).not.toBe(before?.etag);
  });

  it('refuses a file beyond the cap and leaves nothing behind', async () => {
    const before = await everything();
    const source = Readable.from([Buffer.alloc(60), Buffer.alloc(60)]);
    await expect(store.write('big/file', source, { maxBytes: 100 })).rejects.toMatchObject({ code: 'too_large' });
    expect(await store.open('big/file')).toBeUndefined();
    expect(await everything()).toBe(before);
  });

  it('leaves nothing behind when the write is aborted or its source breaks', async () => {
    const before = await everything();
    const stop = new AbortController();
    const endless = Readable.from(
      (async function* () {
        yield Buffer.alloc(1000);
        stop.abort();
        await new Promise(() => undefined);
      })(),
    );
    await expect(store.write('aborted/file', endless, { ...roomy, signal: stop.signal })).rejects.toThrow();
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(1000);
        throw new Error('the line went dead');
      })(),
    );
    await expect(store.write('broken/file', broken, roomy)).rejects.toThrow('the line went dead');
    const breaksLate = Readable.from(
      (async function* () {
        for (let mib = 0; mib < 14; mib += 1) yield Buffer.alloc(1024 * 1024);
        throw new Error('the line went dead late');
      })(),
    );
    const late = store.write('broken/late', breaksLate, { maxBytes: 20_000_000 });
    await expect(late).rejects.toThrow('the line went dead late');
    expect(await store.open('broken/late')).toBeUndefined();
    expect(await everything()).toBe(before);
  });

  it('keeps a file of many parts as it was', async () => {
    const bytes = randomBytes(13 * 1024 * 1024 + 7);
    const stored = await store.write('large/file', Readable.from([bytes]), { maxBytes: 20_000_000 });
    expect(stored.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect((await store.withLocalFile('large/file', (path) => readFile(path))).equals(bytes)).toBe(true);
    const [one, two] = await Promise.all(
      [1, 2].map(() =>
        store.withLocalFile('large/file', async (path) => [path, await readFile(path)] as const, shared),
      ),
    );
    expect([one?.[0], one?.[1].equals(bytes)]).toEqual([two?.[0], true]);
    await expect(store.withLocalFile('large/file', () => Promise.reject(new Error('no')), shared)).rejects.toThrow(
      'no',
    );
  });

  it('publishes all of a folder or nothing', async () => {
    const before = await everything();
    const half = store.withFolder(async (folder) => {
      await writeFile(join(folder, 'a.webp'), 'a');
      await writeFile(join(folder, 'no key!'), 'b');
      await store.publish(folder, 'media/9/a');
    });
    await expect(half).rejects.toMatchObject({ code: 'invalid_key' });
    expect(await store.open('media/9/a/a.webp')).toBeUndefined();
    expect(await everything()).toBe(before);
  });

  it('sweeps up what a crash has left in its scratch folder, and nothing that is in use', async () => {
    await store.withFolder(async (folder) => {
      const left = join(folder, '..', 'of-a-crash');
      await mkdir(join(left, 'below'), { recursive: true });
      await writeFile(join(left, 'below', 'file'), 'x');
      const longAgo = new Date(Date.now() - 3_600_000);
      for (const path of [join(left, 'below', 'file'), join(left, 'below'), left]) await utimes(path, longAgo, longAgo);
      expect(await store.sweep({ olderThanMs: 7_200_000, limit: 10 })).toBe(0);
      expect(await store.sweep({ olderThanMs: 600_000, limit: 10 })).toBe(1);
      expect(await readdir(folder)).toEqual([]);
      await expect(readdir(left)).rejects.toMatchObject({ code: 'ENOENT' });
    });
  });

  it('knows no file under a key that was never written, or that tries to leave the store', async () => {
    await writeFile(join(scratch, 'outside'), 'secret');
    for (const key of [
      'nothing/here',
      '../outside',
      'a/../../outside',
      '/etc/passwd',
      'a//b',
      'a\\b',
      'a\0b',
      '.work/x',
      '',
    ])
      expect(await store.open(key)).toBeUndefined();
    await expect(store.write('../outside', Readable.from([Buffer.from('x')]), roomy)).rejects.toMatchObject({
      code: 'invalid_key',
    });
  });

  it('publishes a whole folder at once and replaces what an earlier one left', async () => {
    const publish = (names: string[]) =>
      store.withFolder(async (folder) => {
        const out = join(folder, 'out');
        await mkdir(join(out, 'hls'), { recursive: true });
        for (const name of names) await writeFile(join(out, name), name);
        return store.publish(out, 'media/1/a');
      });
    const first = await publish(['150.webp', 'hls/init.mp4']);
    expect(first.map((file) => file.key)).toEqual(['media/1/a/150.webp', 'media/1/a/hls/init.mp4']);
    await publish(['320.webp']);
    expect(await store.open('media/1/a/150.webp')).toBeUndefined();
    expect(String(await buffer((await store.open('media/1/a/320.webp'))?.stream() as Readable))).toBe('320.webp');
  });

  it('removes a prefix with all below it, a single file, and what is not there', async () => {
    await store.write('gone/a/one', Readable.from([Buffer.from('1')]), roomy);
    await store.write('gone/ab', Readable.from([Buffer.from('2')]), roomy);
    await store.remove('gone/a');
    expect(await store.open('gone/a/one')).toBeUndefined();
    expect(await store.open('gone/ab')).toBeDefined();
    await store.remove('gone/ab');
    await store.remove('gone/never-was');
    expect(await store.open('gone/ab')).toBeUndefined();
  });

  it('removes the private folder of a job even when the job fails', async () => {
    let seen = '';
    const failing = store.withFolder(async (folder) => {
      seen = folder;
      await writeFile(join(folder, 'half'), 'x');
      throw new Error('no luck');
    });
    await expect(failing).rejects.toThrow('no luck');
    await expect(readdir(seen)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('knows how much room there is', async () => {
    expect((await store.freeBytes()) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(0);
  });
});

it('The S3 file store lets others write a file of the agreed size under the agreed key, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-files-'));
  const store = stores.S3?.(folder);
  const signed = await store?.presign?.('drop/one', { bytes: 5, expiresS: 60 });
  const { url = '', headers = {} } = signed ?? {};
  expect(headers).toEqual({ 'content-length': '5' });
  const put = async (to: string, body: string) => (await fetch(to, { method: 'PUT', body })).status;
  expect(await put(url, '123456')).toBe(403);
  expect(await put(url.replace('drop/one', 'drop/two'), '12345')).toBe(403);
  expect(await put(url, '12345')).toBe(200);
  expect((await store?.open('drop/one'))?.bytes).toBe(5);
  await rm(folder, { recursive: true });
});

describe('The S3 file store', () => {
  it('ends uploads in parts that a killed process has left, old ones of its own alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'twolane-killed-'));
    const place = { ...s3, region: 'us-east-1', pathStyle: true };
    const client = new S3Client({ endpoint: s3.endpoint, region: 'us-east-1', forcePathStyle: true });
    const left = async (Key: string) => {
      const named = { Bucket: s3.bucket, Key };
      const { UploadId } = await client.send(new CreateMultipartUploadCommand(named));
      await client.send(new UploadPartCommand({ ...named, UploadId, PartNumber: 1, Body: Buffer.alloc(64) }));
    };
    const before = (await s3.files()).length;
    for (const key of ['of/killed/originals/aa/1', 'of/killed/media/2/3', 'of/others/originals/1']) await left(key);
    const perUpload = ((await s3.files()).length - before) / 3;
    const store = s3Store({ folder, ...place, prefix: 'of/killed' });
    expect(await store.sweep({ olderThanMs: 60_000, limit: 10 })).toBe(0);
    expect(await store.sweep({ olderThanMs: -60_000, limit: 1 })).toBe(1);
    expect(await store.sweep({ olderThanMs: -60_000, limit: 10 })).toBe(1);
    expect((await s3.files()).length - before).toBe(perUpload);
    await rm(folder, { recursive: true, force: true });
  });
});
