/** What every file store must do, written against the port; a new store adds one line to `stores`. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileStore } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';

const stores: Record<string, (scratch: string) => FileStore> = {
  disk: (scratch) => diskStore({ folder: join(scratch, 'files') }),
};

describe.each(Object.entries(stores))('The %s file store', (_name, make) => {
  let scratch: string;
  let store: FileStore;
  const roomy = { maxBytes: 10_000_000 };

  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'twolane-files-'));
    store = make(scratch);
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  /** Every file of the store's disk, unfinished ones included. */
  const everything = async () =>
    (await readdir(scratch, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

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
    expect(await everything()).toBe(before);
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
    expect(await store.freeBytes()).toBeGreaterThan(0);
  });
});
