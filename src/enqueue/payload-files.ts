/** Large payloads and results in the file store: written and announced before their rows, checked by their hash when they are read. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import {
  type FileStore,
  type Json,
  type PayloadFile,
  type PayloadFiles,
  type SecretFields,
  TwolaneError,
} from '../contract/index.ts';

export interface PayloadFilesOptions {
  /** Undefined: payloads above `inlineBytes` are refused. */
  files: FileStore | undefined;
  inlineBytes: number;
  maxBytes: number;
  secrets: SecretFields;
  /** Notes keys as belonging to no job yet, committed before a file is written: a crash leaves nothing unknown behind. */
  announce(keys: readonly string[]): Promise<void>;
}

/** Files that are written at once. */
const parallel = 4;

export function createPayloadFiles(options: PayloadFilesOptions): PayloadFiles {
  const { files, inlineBytes, maxBytes, secrets, announce } = options;
  const store = () => {
    if (files) return files;
    throw new TwolaneError(
      'no_file_store',
      `A payload of more than ${inlineBytes} bytes needs a file store, and this process has none: give it one, raise TWOLANE_INLINE_PAYLOAD_BYTES, or store the data yourself and enqueue its id`,
    );
  };
  const write = async (key: string, text: string): Promise<PayloadFile> =>
    // As one chunk: a string of its own would be sent letter by letter.
    store().write(key, Readable.from([Buffer.from(text)]), { maxBytes });
  return {
    hasStore: files !== undefined,
    inlineBytes,
    maxBytes,
    secrets,
    async keep(texts) {
      store();
      const day = new Date().toISOString().slice(0, 10);
      const keys = texts.map(() => `payloads/${day}/${randomBytes(16).toString('hex')}.json`);
      await announce(keys);
      const kept: PayloadFile[] = [];
      for (let at = 0; at < texts.length; at += parallel) {
        const some = texts.slice(at, at + parallel).map((text, n) => write(keys[at + n] as string, text));
        kept.push(...(await Promise.all(some)));
      }
      return kept;
    },
    read: (file) => read(store(), file),
  };
}

async function read(files: FileStore, { key, sha256 }: PayloadFile): Promise<Json> {
  const file = await files.open(key);
  if (!file)
    throw new TwolaneError('payload_missing', `A payload or result is not in the file store of this process: ${key}`);
  const bytes = await buffer(file.stream());
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new TwolaneError('payload_damaged', `A payload or result in the file store is not what was stored: ${key}`);
  return JSON.parse(bytes.toString()) as Json;
}
