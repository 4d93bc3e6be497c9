/** Payloads and results of single jobs, in their rows or in the file store: read for whoever looks, replaced by an edit. */
import { type Json, type PayloadFile, type PayloadFiles, type Queryable, TwolaneError } from '../contract/index.ts';
import { isShown } from './rows.ts';

/** A payload as it is stored, its secret fields encrypted. */
export interface StoredPayload {
  type: string;
  version: number;
  payload: Json;
}

/** Undefined without such a job. */
export async function readPayload(
  database: Queryable,
  payloads: PayloadFiles,
  id: string,
): Promise<StoredPayload | undefined> {
  const { rows } = await database.query<StoredPayload & { payload_file: PayloadFile | null }>(
    `select j.type, j.version, j.payload, j.payload_file from twolane.jobs j left join twolane.done d on d.id = j.id
     where j.id = $1 and ${isShown}`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  const { payload_file: file, ...stored } = row;
  return file ? { ...stored, payload: await payloads.read(file) } : stored;
}

/** Null for a job that has not succeeded or returned nothing; undefined without such a job. */
export async function readResult(database: Queryable, payloads: PayloadFiles, id: string): Promise<Json | undefined> {
  const { rows } = await database.query<{ result: Json; result_file: PayloadFile | null }>(
    `select d.result, d.result_file from twolane.jobs j left join twolane.done d on d.id = j.id where j.id = $1 and ${isShown}`,
    [id],
  );
  const [row] = rows;
  return row?.result_file ? payloads.read(row.result_file) : row?.result;
}

/**
 * What an edit writes, as JSON texts: into the row or as the reference to a file, both null without an edit. A large
 * payload is in the file store when this resolves.
 * @throws TwolaneError `payload_too_large`, and what `PayloadFiles.keep` throws
 */
export async function newPayload(
  payloads: PayloadFiles,
  payload: Json | undefined,
): Promise<{ row: string | null; file: string | null }> {
  if (payload === undefined) return { row: null, file: null };
  const text = JSON.stringify(payload);
  const bytes = Buffer.byteLength(text);
  if (bytes > payloads.maxBytes)
    throw new TwolaneError('payload_too_large', `The payload has ${bytes} bytes, the limit is ${payloads.maxBytes}`);
  if (bytes <= payloads.inlineBytes) return { row: text, file: null };
  const [file] = await payloads.keep([text]);
  return { row: null, file: JSON.stringify(file) };
}
