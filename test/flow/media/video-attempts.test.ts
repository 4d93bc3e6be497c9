/** One attempt at a video, or at a piece of one: how far it is can be seen, and what it leaves is written down before it is there. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FencedError, type JobContext } from '../../../src/contract/index.ts';
import { diskStore } from '../../../src/files/disk-store.ts';
import { type Database, openDatabase } from '../../../src/ledger/database.ts';
import type { PieceResult } from '../../../src/media/gather.ts';
import {
  folderStore,
  imagePool,
  mediaServices,
  mediaStore,
  pieceStore,
  registerMediaCodes,
  type VideoMaker,
  videoMaker,
} from '../../../src/media/index.ts';
import { viewOf } from '../../../src/media/view.ts';
import { attemptOf, uploadedMedia } from '../../support/media-attempt.ts';
import { migratedDatabase, until } from '../../support/stack.ts';
import { clip } from '../../support/videos.ts';

let scratch = '';
let database: Database;
let fresh: Awaited<ReturnType<typeof migratedDatabase>>;
let store: ReturnType<typeof mediaStore>;
let files: ReturnType<typeof diskStore>;
let bytes: Buffer;
const images = imagePool({ processes: 1 });
const real = videoMaker({ images, preset: 'ultrafast' });

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-attempts-'));
  fresh = await migratedDatabase();
  database = openDatabase({ url: fresh.url, size: 4 });
  await registerMediaCodes(database);
  store = mediaStore(database.databaseFor);
  files = diskStore({ folder: join(scratch, 'files') });
  await clip(join(scratch, 'clip.mp4'), { width: 480, height: 400, fps: 12, seconds: 2, sound: false });
  bytes = await readFile(join(scratch, 'clip.mp4'));
});
afterAll(async () => {
  images.close();
  await database.close();
  await fresh.drop();
  await rm(scratch, { recursive: true, force: true });
});

type Settle = JobContext<PieceResult | null>['settle'];
const uploaded = () => uploadedMedia({ database, store, files }, bytes, { kind: 'video', contentType: 'video/mp4' });

function servicesWith(videos: VideoMaker) {
  const [pieces, folders] = [pieceStore(database.databaseFor), folderStore(database.databaseFor)];
  const none = {} as never;
  return mediaServices({ store, files, folders, pieces, images, videos, fetching: none, pieceJob: none });
}

const viewed = async (id: string) => {
  const row = await store.find(id);
  return row && viewOf(row, undefined);
};

describe('A video that one job makes', { timeout: 60_000 }, () => {
  it('shows its smallest rung before the others when it takes a while, and tells how far these are', async () => {
    const id = await uploaded();
    const seen: unknown[] = [];
    const videos: VideoMaker = {
      ...real,
      plan: async (...wanted) => ({ ...(await real.plan(...wanted)), costS: 20 }),
      make: (plan, making, hooks) =>
        real.make(plan, making, {
          ...hooks,
          async onEarly(made) {
            hooks?.onEncoded?.(20);
            expect((await viewed(id))?.video).toBeUndefined();
            // Read back, as whatever is shown.
            await hooks?.onEarly?.(made);
            seen.push(
              made.video.rungs.map(({ name }) => name),
              made.video.mp4,
            );
            hooks?.onEncoded?.(40);
            seen.push(await until('how far', async () => (await viewed(id))?.video?.encoding, { timeoutMs: 5_000 }));
          },
        }),
    };
    await servicesWith(videos).processVideo(id, attemptOf<void>(database, { id, fence: 1 }));
    const rest = expect.any(Number);
    expect(seen).toEqual([
      ['240p'],
      undefined,
      [
        { name: '240p', percent: 100 },
        { name: '400p', percent: rest },
      ],
    ]);
    const ready = await viewed(id);
    expect(ready).toMatchObject({ state: 'ready', video: { rungs: [{ name: '240p' }, { name: '400p' }] } });
    expect(ready?.video?.encoding).toBeUndefined();
    expect((await database.query('select from twolane.loose_files')).rowCount).toBe(0);
  });
});

describe('A piece of a video', { timeout: 60_000 }, () => {
  const piece = { stage: 'first', fromS: 0, toS: undefined, run: 'run', ownerId: 'ada' } as const;
  const noted = async () => (await database.query<{ prefix: string }>('select prefix from twolane.media_folders')).rows;
  const left = (id: string) => readdir(join(scratch, 'files/work', id, 'run')).catch(() => []);
  const encode = (id: string, fence: number, settle?: Settle) =>
    servicesWith(real).encodePiece(
      { ...piece, mediaId: id, videoJobId: id },
      attemptOf<PieceResult | null>(database, { fence, settle }),
    );

  it('is written down before it is there, for the collector, until its job is settled', async () => {
    const id = await uploaded();
    const before: unknown[] = [];
    const result = await encode(id, 1, async (effect) => {
      before.push(await noted(), await left(id));
      await database.transaction(effect);
    });
    expect(before).toEqual([[{ prefix: `work/${id}/run/1-1` }], ['1-1']]);
    expect(result).toMatchObject({ prefix: `work/${id}/run/1-1`, frames: 24 });
    expect([await noted(), await left(id)]).toEqual([[], ['1-1']]);
  });

  it('takes what it left away again when another attempt was faster', async () => {
    const id = await uploaded();
    const fenced = encode(id, 2, async (effect) => {
      await database.transaction(async (tx) => {
        await effect(tx);
        throw new FencedError('1');
      });
    });
    await expect(fenced).rejects.toBeInstanceOf(FencedError);
    expect([await noted(), await left(id)]).toEqual([[], []]);
  });
});
