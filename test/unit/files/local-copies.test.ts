/** Copies of remote files: fetched once for all who read them at a time, gone soon after. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { localCopies } from '../../../src/files/local-copies.ts';
import { scratchIn } from '../../../src/files/scratch.ts';

const folders: string[] = [];
let folder = '';
let fetches = 0;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twolane-copies-'));
  folders.push(folder);
  fetches = 0;
});
afterAll(() => Promise.all(folders.map((each) => rm(each, { recursive: true, force: true }))));

const fetch = async (path: string) => {
  fetches += 1;
  await sleep(5);
  await writeFile(path, `bytes ${fetches}`);
};
const read = (path: string) => readFile(path, 'utf8');
const left = () => readdir(folder);

describe('A local copy', () => {
  it('is fetched once for those who read it together, and for the next ones', async () => {
    const copies = localCopies(scratchIn(folder), { keepMs: 200 });
    const three = await Promise.all([1, 2, 3].map(() => copies.use('a', fetch, read)));
    expect([...three, await copies.use('a', fetch, read)]).toEqual(Array(4).fill('bytes 1'));
    expect(await copies.use('b', fetch, read)).toBe('bytes 2');
    expect(await left()).toHaveLength(2);
    await expect.poll(left, { timeout: 2_000 }).toEqual([]);
    expect(await copies.use('a', fetch, read)).toBe('bytes 3');
  });

  it('is gone at once when its reader failed, though not before others are done with it', async () => {
    const copies = localCopies(scratchIn(folder));
    const fails = async () => {
      throw new Error('stopped');
    };
    const slow = copies.use('a', fetch, async (path) => {
      await sleep(30);
      return read(path);
    });
    await expect(copies.use('a', fetch, fails)).rejects.toThrow('stopped');
    expect(await slow).toBe('bytes 1');
    expect(await left()).toEqual([]);
    await expect(copies.use('a', fails, read)).rejects.toThrow('stopped');
    expect(await copies.use('a', fetch, read)).toBe('bytes 2');
  });

  it('is not kept where there are too many bytes already', async () => {
    const copies = localCopies(scratchIn(folder), { keepBytes: 10 });
    for (const name of ['a', 'b', 'a', 'b']) await copies.use(name, fetch, read);
    expect(fetches).toBe(3);
    expect(await left()).toHaveLength(1);
  });
});
