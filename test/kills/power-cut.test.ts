/**
 * The power is cut right after uploads were accepted, each time while others are under way: whatever was answered with success
 * is on the disk afterwards, byte for byte, and what is published is whole. TWOLANE_FAULT_UPLOADS sets how many (200).
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diskStore } from '../../src/files/disk-store.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { CrashDisk } from '../support/crash-disk.ts';
import { long } from '../support/long.ts';
import { mediaClient } from '../support/media-client.ts';
import { mountingForbidden } from '../support/small-disk.ts';

const many = Number(process.env.TWOLANE_FAULT_UPLOADS ?? 200);
const atOnce = 20;

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('After a power cut', { ...long, timeout: 600_000 }, () => {
  let disk: CrashDisk | undefined;
  let app: TestApp;
  beforeAll(async () => {
    disk = CrashDisk.make(512);
    if (!disk) return;
    app = await startTestApp({
      worker: false,
      scheduler: false,
      settings: { TWOLANE_FILES_DIR: join(disk.folder, 'files') },
    });
  });
  afterAll(async () => {
    await app?.stop();
    disk?.remove();
  });

  /** A picture that nobody has sent before. */
  const picture = () =>
    sharp(randomBytes(96 * 96 * 3), { raw: { width: 96, height: 96, channels: 3 } })
      .png()
      .toBuffer();

  async function upload(n: number, bytes: Buffer): Promise<number> {
    const client = mediaClient(app, `user-${n % 7}`);
    return (await client.upload(new Blob([new Uint8Array(bytes)]))).status;
  }

  test('every upload that was accepted is there, byte for byte', async ({ skip }) => {
    if (!disk) return skip(mountingForbidden);
    const accepted = new Set<string>();
    let corrupt = 0;
    let unsynced = 0;
    for (let done = 0; done < many; done += atOnce) {
      const pictures = await Promise.all(Array.from({ length: atOnce }, picture));
      // Proof that a cut takes what nobody has synced.
      writeFileSync(join(disk.folder, `unsynced-${done}`), randomBytes(10_000));
      const statuses = await Promise.all(pictures.map((bytes, n) => upload(n, bytes)));
      expect(new Set(statuses)).toEqual(new Set([202]));
      for (const bytes of pictures) accepted.add(sha256(bytes));
      await disk.cut(async (folder) => {
        const { rows } = await app.twolane.database.query<{ key: string; sha256: string }>(
          `select original_key as key, sha256 from twolane.media where original_key is not null`,
        );
        const known = new Map(rows.map((row) => [row.sha256, row.key]));
        expect([...accepted].filter((hash) => !known.has(hash))).toEqual([]);
        corrupt += [...accepted].filter((hash) => !isThere(join(folder, 'files', known.get(hash) ?? ''), hash)).length;
        const file = join(folder, `unsynced-${done}`);
        if (!existsSync(file) || readFileSync(file).length < 10_000) unsynced += 1;
      });
    }
    console.log(
      `${accepted.size} uploads, ${corrupt} corrupt; ${unsynced} of ${many / atOnce} unsynced files were lost`,
    );
    expect(unsynced).toBeGreaterThan(0);
    expect(corrupt).toBe(0);
  });

  test('every folder that was published is whole, and of those under way nothing is to be seen', async ({ skip }) => {
    if (!disk) return skip(mountingForbidden);
    const store = diskStore({ folder: join(disk.folder, 'published') });
    const names = ['one.bin', 'two.bin', 'deep/three.bin'];
    for (let n = 0; n < 10; n += 1) {
      const contents = await store.withFolder(async (folder) => {
        const all = names.map(() => randomBytes(50_000));
        for (const [at, name] of names.entries()) {
          mkdirSync(dirname(join(folder, name)), { recursive: true });
          writeFileSync(join(folder, name), all[at] as Buffer);
        }
        await store.publish(folder, `out/${n}/1`);
        return all;
      });
      await disk.cut(async (folder) => {
        const found = names.map((name, at) =>
          isThere(join(folder, `published/out/${n}/1`, name), sha256(contents[at] as Buffer)),
        );
        expect(found).toEqual([true, true, true]);
      });
    }
  });

  const isThere = (file: string, hash: string) => existsSync(file) && sha256(readFileSync(file)) === hash;
});
