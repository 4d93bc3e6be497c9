/** Reads the multipart body of an upload: one field `metadata`, then one file `file`, streamed and never held in memory. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { z } from 'zod';
import type { JsonObject } from '../contract/index.ts';
import { Problem } from '../http/problem.ts';

export interface UploadBody {
  metadata: JsonObject | undefined;
  /** Ends only when the whole body has arrived and was well-formed; fails otherwise. */
  file: Readable;
}

const limits = {
  fieldNameSize: 100,
  fieldSize: 16 * 1024,
  fields: 1,
  files: 1,
  parts: 2,
  headerPairs: 20,
  headerSize: 4 * 1024,
};

/** A client that sends less than this in this time only holds a connection. A bad mobile line is a hundred times faster. */
const slowest = { bytes: 16 * 1024, everyMs: 30_000 };

const metadataSchema = z.record(z.string(), z.json());

/**
 * Resolves when the file begins.
 * @param pace the least that a client has to send, in bytes per `everyMs`. Default 16 KiB in 30 s.
 * @throws Problem 415 `not_multipart`, 422 `invalid_upload`, 400 `malformed_multipart`, 408 `too_slow`
 */
export function readUpload(req: IncomingMessage, pace = slowest): Promise<UploadBody> {
  const parser = parserOf(req.headers);
  return new Promise((resolve, reject) => {
    let metadata: JsonObject | undefined;
    let begun = false;
    const complete = arrival(req, parser, pace);
    parser.on('field', (name, value, nameCut, valueCut) => {
      try {
        if (begun) throw invalid('The field "metadata" goes before the file.');
        metadata = readMetadata(name, value, nameCut || valueCut);
      } catch (error) {
        parser.destroy(error as Error);
      }
    });
    parser.once('file', (name, file) => {
      begun = true;
      if (name !== 'file') return void parser.destroy(invalid(`The file belongs into a field "file", not "${name}".`));
      // Whatever goes wrong with the body goes wrong with the file; `whole` reports it.
      complete.catch((error) => file.destroy(error));
      file.on('error', () => req.unpipe(parser));
      resolve({ metadata, file: Readable.from(whole(file, complete), { objectMode: false }) });
    });
    complete.then(() => reject(invalid('The body has no file in a field "file".')), reject);
  });
}

function parserOf(headers: IncomingHttpHeaders): BusboyInstance {
  const type = headers['content-type'] ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type))
    throw new Problem(415, 'not_multipart', 'Unsupported media type', 'Send multipart/form-data with a field "file".');
  try {
    return new Busboy({ headers: headers as BusboyHeaders, limits });
  } catch (error) {
    throw malformed(error);
  }
}

/** Settles when the last byte of the body was understood, or it is clear that this will not happen. */
function arrival(req: IncomingMessage, parser: BusboyInstance, pace: typeof slowest): Promise<void> {
  return new Promise((resolve, reject) => {
    const watch = paceWatch(req, pace, () => fail(tooSlow()));
    const fail = (error: unknown) => {
      clearInterval(watch);
      req.unpipe(parser);
      reject(error instanceof Problem ? error : malformed(error));
    };
    const end = () => {
      clearInterval(watch);
      resolve();
    };
    parser.once('error', fail).once('finish', end);
    parser.once('filesLimit', () => fail(invalid('Send one file per upload.')));
    parser.once('partsLimit', () => fail(invalid('Send the field "metadata", then the field "file", nothing else.')));
    parser.once('fieldsLimit', () => fail(invalid('The only field beside the file is "metadata".')));
    req.once('close', () => req.complete || fail(new Error('The client went away')));
    req.pipe(parser);
  });
}

function paceWatch({ socket }: IncomingMessage, pace: typeof slowest, onSlow: () => void): NodeJS.Timeout {
  let before = socket.bytesRead;
  return setInterval(() => {
    if (socket.bytesRead - before < pace.bytes) onSlow();
    before = socket.bytesRead;
  }, pace.everyMs);
}

async function* whole(file: Readable, complete: Promise<void>): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch (error) {
    throw error instanceof Problem ? error : malformed(error);
  }
  await complete;
}

function readMetadata(name: string, value: string, cut: boolean): JsonObject {
  if (name !== 'metadata') throw invalid(`There is no field "${name}"; the only one beside the file is "metadata".`);
  if (cut) throw invalid(`The metadata is longer than ${limits.fieldSize} bytes.`);
  const parsed = metadataSchema.safeParse(jsonOf(value));
  if (!parsed.success) throw invalid('The field "metadata" must be a JSON object.');
  return parsed.data as JsonObject;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalid(detail: string): Problem {
  return new Problem(422, 'invalid_upload', 'The upload does not fit', detail);
}

function tooSlow(): Problem {
  return new Problem(408, 'too_slow', 'Too slow', 'The upload made next to no progress; send it again.', {
    headers: { connection: 'close' },
  });
}

function malformed(cause: unknown): Problem {
  const detail = 'The multipart body is broken or ends too early.';
  return new Problem(400, 'malformed_multipart', 'The body could not be read', detail, { cause });
}
