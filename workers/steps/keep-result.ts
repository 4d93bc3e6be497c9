/** Step: a result that is too large for the row of its job goes to the file store, as part of the attempt. */
import {
  type Json,
  NonRetryableError,
  type Outcome,
  type PayloadFile,
  type PayloadFiles,
} from '../../src/contract/index.ts';

/** A result that is in the file store. */
export class KeptResult {
  readonly file: PayloadFile;

  constructor(file: PayloadFile) {
    this.file = file;
  }
}

/**
 * Answers the value itself while it is small, or where there is no file store.
 * @throws NonRetryableError `result_too_large`: another attempt would return something like it
 */
export async function keepResult(value: unknown, payloads: PayloadFiles): Promise<unknown> {
  if (value === undefined || value === null || !payloads.hasStore) return value;
  const text = textOf(value);
  // Three bytes are the most that a UTF-16 unit becomes: short texts need no count.
  if (text === undefined || text.length * 3 <= payloads.inlineBytes) return value;
  const bytes = Buffer.byteLength(text);
  if (bytes <= payloads.inlineBytes) return value;
  if (bytes > payloads.maxBytes)
    throw new NonRetryableError(
      `The result has ${bytes} bytes, the limit is ${payloads.maxBytes}; store the data and return its id`,
      { code: 'result_too_large' },
    );
  const [file] = await payloads.keep([text]);
  return new KeptResult(file as PayloadFile);
}

/** What the ledger is told of a value that `keepResult` answered. */
export function successOf(value: unknown): Extract<Outcome, { kind: 'succeeded' }> {
  if (value instanceof KeptResult) return { kind: 'succeeded', result: null, resultFile: value.file };
  return { kind: 'succeeded', result: (value ?? null) as Json };
}

/** Undefined for what JSON can't hold: the ledger refuses it and says so. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
