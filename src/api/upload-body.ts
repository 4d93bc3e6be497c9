/** Reads the multipart body of an upload: its fields, then one `file`, streamed and never held in memory. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { Problem } from '../http/problem.ts';
import { digestCheck } from './body-digest.ts';
import { type Pace, paceWatch, slowest, tooSlow } from './pace.ts';
import { fieldList, fieldNames, fieldReader, invalid, type UploadFields } from './upload-fields.ts';

export interface UploadBody extends UploadFields {
  /** Ends only when the whole body has arrived and was well-formed; fails otherwise. */
  file: Readable;
}

const limits = {
  fieldNameSize: 100,
  fieldSize: 16 * 1024,
  fields: fieldNames.length,
  files: 1,
  parts: fieldNames.length + 1,
  headerPairs: 20,
  headerSize: 4 * 1024,
};

/**
 * Resolves when the file begins.
 * @param pace the least that a client has to send, in bytes per `everyMs`. Default 16 KiB in 30 s.
 * @throws Problem 415 `not_multipart`, 422 `invalid_upload`, 422 `checksum_mismatch`, 400 `malformed_multipart`,
 *   408 `too_slow`; once the file has begun it is the file that fails with them
 */
export function readUpload(req: IncomingMessage, pace: Pace = slowest): Promise<UploadBody> {
  const parser = parserOf(req.headers);
  return new Promise((resolve, reject) => {
    const fields: UploadFields = {};
    let begun = false;
    const complete = arrival(req, parser, pace);
    parser.on('field', (name, value, nameCut, valueCut) => {
      try {
        if (begun) throw invalid(`The field "${name}" goes before the file.`);
        fieldReader(name, nameCut || valueCut)(fields, value);
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
      resolve({ ...fields, file: Readable.from(whole(file, complete), { objectMode: false }) });
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
function arrival(req: IncomingMessage, parser: BusboyInstance, pace: Pace): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopWatch = paceWatch(req, pace, () => fail(tooSlow()));
    const fail = (error: unknown) => {
      stopWatch();
      req.unpipe(parser);
      reject(error instanceof Problem ? error : malformed(error));
    };
    const digest = digestCheck(req);
    const end = () => {
      stopWatch();
      if (digest()) resolve();
      else reject(damaged());
    };
    parser.once('error', fail).once('finish', end);
    parser.once('filesLimit', () => fail(invalid('Send one file per upload.')));
    parser.once('partsLimit', () => fail(invalid(`Send ${fieldList} if you like, then "file", nothing else.`)));
    parser.once('fieldsLimit', () => fail(invalid(`The fields beside the file are ${fieldList}, each once.`)));
    req.once('close', () => req.complete || fail(new Error('The client went away')));
    req.pipe(parser);
  });
}

async function* whole(file: Readable, complete: Promise<void>): AsyncGenerator<Buffer> {
  try {
    yield* file;
  } catch (error) {
    throw error instanceof Problem ? error : malformed(error);
  }
  await complete;
}

function malformed(cause: unknown): Problem {
  const detail = 'The multipart body is broken or ends too early.';
  return new Problem(400, 'malformed_multipart', 'The body could not be read', detail, { cause });
}

function damaged(): Problem {
  const detail = 'The body is not the one whose digest the header tells; send it again.';
  return new Problem(422, 'checksum_mismatch', 'The bytes are not those that were announced', detail);
}
