/** Publishes a media and stops before the commit, so that a test can kill it there: URL of the database, folder, id of the media. */
import { join } from 'node:path';
import sharp from 'sharp';
import type { JobContext } from '../../src/contract/index.ts';
import { diskStore } from '../../src/files/disk-store.ts';
import { openDatabase } from '../../src/ledger/database.ts';
import { folderStore, mediaServices, mediaStore } from '../../src/media/index.ts';

const [url = '', folder = '', id = ''] = process.argv.slice(2);
const { databaseFor } = openDatabase({ url, size: 2 });
const none = {} as never;
const services = mediaServices({
  store: mediaStore(databaseFor),
  files: diskStore({ folder }),
  folders: folderStore(databaseFor),
  images: none,
  videos: none,
  fetching: none,
  pieces: none,
  pieceJob: none,
});
const context = {
  id,
  fence: 1,
  signal: new AbortController().signal,
  settle: () => {
    process.stdout.write('published\n');
    return new Promise(() => undefined);
  },
} as unknown as JobContext<void>;

await services.process(id, context, async ({ output }) => {
  await sharp({ create: { width: 9, height: 9, channels: 3, background: '#123' } }).toFile(join(output, '9.webp'));
  return {
    width: 9,
    height: 9,
    placeholder: 'x',
    dominantColour: '#123456',
    perceptualHash: null,
    renditions: [{ name: '9.webp', format: 'webp', width: 9, height: 9 }],
  };
});
