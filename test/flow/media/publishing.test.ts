/** Files and rows change together: whoever loses the race for a media, or fails on the way, leaves nothing behind. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FencedError, type JobContext } from '../../../src/contract/index.ts';
import { diskStore } from '../../../src/files/disk-store.ts';
import { type Database, openDatabase } from '../../../src/ledger/database.ts';
import {
  folderStore,
  imagePool,
  mediaServices,
  mediaStore,
  registerMediaCodes,
  uploadStore,
  videoMaker,
} from '../../../src/media/index.ts';
import { collect } from '../../../src/media/upload/collect.ts';
import { viewOf } from '../../../src/media/view.ts';
import type { MadeMedia, MediaMaking } from '../../../src/media/work.ts';
import { attemptOf, uploadedMedia } from '../../support/media-attempt.ts';
import { migratedDatabase } from '../../support/stack.ts';

let scratch = '';
let database: Database;
let fresh: Awaited<ReturnType<typeof migratedDatabase>>;
let store: ReturnType<typeof mediaStore>;
let files: ReturnType<typeof diskStore>;
let folders: ReturnType<typeof folderStore>;
let services: ReturnType<typeof mediaServices>;
const images = imagePool({ processes: 1 });

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-publishing-'));
  fresh = await migratedDatabase();
  database = openDatabase({ url: fresh.url, size: 4 });
  await registerMediaCodes(database);
  store = mediaStore(database.databaseFor);
  files = diskStore({ folder: join(scratch, 'files') });
  const videos = videoMaker({ images });
  const none = {} as never;
  folders = folderStore(database.databaseFor);
  services = mediaServices({ store, files, folders, images, videos, fetching: none, pieces: none, pieceJob: none });
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
  await rm(scratch, { recursive: true, force: true });
});

const uploaded = () => uploadedMedia({ database, store, files }, Buffer.from('bytes'));
const attempt = (fence: number, settle?: JobContext<void>['settle']) => attemptOf<void>(database, { fence, settle });

async function make({ output }: MediaMaking): Promise<MadeMedia> {
  await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } }).toFile(join(output, '9.webp'));
  const rendition = { name: '9.webp', format: 'webp', width: 9, height: 9 } as const;
  return {
    width: 9,
    height: 9,
    placeholder: 'x',
    dominantColour: '#123456',
    perceptualHash: null,
    renditions: [rendition],
  };
}

/** The folders of attempts that are published for a media. */
const published = (id: string) => readdir(join(scratch, 'files', 'media', id)).catch(() => []);

describe('Publishing a media', () => {
  it('shows the files of an attempt with the row that names them', async () => {
    const id = await uploaded();
    await services.process(id, attempt(7), make);
    const row = await store.find(id);
    expect(row).toMatchObject({
      state: 'ready',
      width: 9,
      renditions: [{ name: '9.webp', bytes: expect.any(Number) }],
    });
    expect(row?.prefix).toMatch(new RegExp(`^media/${id}/7-[0-9a-f]{32}$`));
    expect(await files.open(`${row?.prefix}/9.webp`)).toBeDefined();
    expect(row && viewOf(row, 'https://photos.example/').renditions[0]?.url).toBe(
      `https://photos.example/files/${row?.prefix}/9.webp`,
    );
  });

  it('takes the files of an attempt away that was fenced off', async () => {
    const id = await uploaded();
    const fenced = attempt(1, async (effect) => {
      await database.transaction(async (tx) => {
        await effect(tx);
        throw new FencedError('1');
      });
    });
    await expect(services.process(id, fenced, make)).rejects.toBeInstanceOf(FencedError);
    expect(await published(id)).toEqual([]);
    expect(await store.find(id)).toMatchObject({ state: 'processing', prefix: null });
    await services.process(id, attempt(2), make);
    expect(await published(id)).toHaveLength(1);
  });

  it('shows nothing of an attempt that made something else than it says, and all of the next one', async () => {
    const id = await uploaded();
    const careless = async (making: MediaMaking) => {
      const made = await make(making);
      await truncate(join(making.output, '9.webp'), 30);
      return made;
    };
    await expect(services.process(id, attempt(1), careless)).rejects.toMatchObject({ code: 'unexpected_output' });
    expect(await published(id)).toEqual([]);
    expect(await store.find(id)).toMatchObject({ state: 'processing', prefix: null });
    await services.process(id, attempt(2), make);
    expect(await store.find(id)).toMatchObject({ state: 'ready' });
  });

  it('keeps the first of two attempts that end at the same time, and only its files', async () => {
    const id = await uploaded();
    await Promise.all([services.process(id, attempt(1), make), services.process(id, attempt(2), make)]);
    expect(await published(id)).toEqual([(await store.find(id))?.prefix?.split('/').at(-1)]);
  });

  it('keeps the files when the answer of a commit was lost', async () => {
    const id = await uploaded();
    const lost = attempt(1, async (effect) => {
      await database.transaction(effect);
      throw new Error('the connection broke after the commit');
    });
    await expect(services.process(id, lost, make)).rejects.toThrow('after the commit');
    expect(await store.find(id)).toMatchObject({ state: 'ready' });
    expect(await published(id)).toHaveLength(1);
  });

  it('leaves the folder of an attempt that was killed before its commit to the collector, and that folder alone', async () => {
    const id = await uploaded();
    const script = fileURLToPath(new URL('../../support/killed-publisher.ts', import.meta.url));
    const place = join(scratch, 'files');
    const child = spawn(process.execPath, ['--import', 'tsx', script, fresh.url, place, id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const [orphan] = await published(id);
    expect(orphan).toMatch(/^1-/);
    expect(await store.find(id)).toMatchObject({ state: 'processing', prefix: null });

    await services.process(id, attempt(2), make);
    const shown = (await store.find(id))?.prefix?.split('/').at(-1);
    expect((await published(id)).sort()).toEqual([orphan, shown].sort());
    const parts = { store, files, folders, uploads: uploadStore(database.databaseFor), operations: {} as never };
    // A folder that may yet be shown is left alone.
    expect(await collect(parts, 10)).toMatchObject({ folders: 0 });
    await database.query("update twolane.media_folders set written_at = now() - interval '1 day'");
    expect(await collect(parts, 10)).toMatchObject({ folders: 1 });
    expect(await published(id)).toEqual([shown]);
    expect((await database.query('select from twolane.media_folders')).rows).toEqual([]);
  });

  it('shows nothing that was collected before its commit', async () => {
    const id = await uploaded();
    const slow = attempt(1, async (effect) => {
      await database.query('delete from twolane.media_folders');
      await database.transaction(effect);
    });
    await expect(services.process(id, slow, make)).rejects.toMatchObject({ code: 'processing_failed' });
    expect(await store.find(id)).toMatchObject({ state: 'processing', prefix: null });
  });

  it('leaves nothing of a media that was removed meanwhile', async () => {
    const id = await uploaded();
    await services.process(id, attempt(1), async (making) => {
      await store.hide(id, 'ada');
      return make(making);
    });
    expect(await published(id)).toEqual([]);
  });

  it('fails with its job, with a code of the list and its sentence alone, and gets another chance on a retry', async () => {
    const unexpected = { name: 'TypeError', message: 'pid 12 on host seven died' };
    const foreign = { name: 'NonRetryableError', code: 'ENOENT', message: 'no file /srv/seven' };
    const damaged = { name: 'NonRetryableError', code: 'invalid_image', message: 'VipsJpeg: on host seven' };
    const reasons: [object, string][] = [
      [unexpected, 'processing_failed'],
      [foreign, 'processing_failed'],
      [damaged, 'invalid_image'],
    ];
    for (const [at, [error, code]] of reasons.entries()) {
      const id = await uploaded();
      const job = String(at + 2);
      await database.query('update twolane.media set job_id = $2 where id = $1', [id, job]);
      await database.query(
        `insert into twolane.dead (id, type, queue, attempt, fence, reason, fingerprint, awaited, error)
         values ($1, 'process-image', 'bulk/image', 3, 3, 'failed', 'x', false, $2)`,
        [job, JSON.stringify(error)],
      );
      await database.query("select twolane.note_ends(array[$1::bigint], 'dead')", [job]);
      const row = await store.find(id);
      expect(row).toMatchObject({ state: 'failed', error: { code } });
      expect(row?.error?.message).not.toContain('seven');
      await services.process(id, attempt(2), make);
      expect(await store.find(id)).toMatchObject({ state: 'ready', error: null });
    }
  });
});
