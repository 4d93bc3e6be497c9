/** The file store that the settings name: a folder, or a bucket. */
import { resolve } from 'node:path';
import type { Config } from './config.ts';
import type { FileStore } from './contract/index.ts';
import { diskStore } from './files/disk-store.ts';
import { s3Store } from './files/s3-store.ts';

export function fileStoreOf(config: Config): FileStore {
  const folder = resolve(config.TWOLANE_FILES_DIR);
  if (config.TWOLANE_S3_BUCKET === undefined) return diskStore({ folder });
  return s3Store({
    folder,
    bucket: config.TWOLANE_S3_BUCKET,
    endpoint: config.TWOLANE_S3_ENDPOINT,
    region: config.TWOLANE_S3_REGION,
    prefix: config.TWOLANE_S3_PREFIX,
    pathStyle: config.TWOLANE_S3_PATH_STYLE,
  });
}
