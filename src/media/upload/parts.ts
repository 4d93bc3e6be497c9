/** Where an upload's parts are until a media takes the bytes over, and how they are read as one file. */
import { Readable } from 'node:stream';
import { type FileStore, TwolaneError } from '../../contract/index.ts';
import type { UploadPart } from './store.ts';

export const partsFolder = (id: string) => `uploads/${id}`;

/** All parts as one stream, each opened when it is its turn. Fails with `source_missing` when one is gone. */
export function readParts(files: FileStore, parts: readonly UploadPart[]): Readable {
  const chunks = async function* () {
    for (const { key, bytes } of parts) {
      const found = await files.open(key);
      if (found?.bytes !== bytes)
        throw new TwolaneError('source_missing', 'A part of the upload is not there any more');
      yield* found.stream();
    }
  };
  return Readable.from(chunks(), { objectMode: false });
}
