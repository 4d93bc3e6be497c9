/** The fields that may go before the file of an upload. */
import { z } from 'zod';
import type { FilterName, JsonObject } from '../contract/index.ts';
import { Problem } from '../http/problem.ts';
import { altTextSchema, filtersText } from './media-schemas.ts';

export interface UploadFields {
  metadata?: JsonObject;
  /** Hex, lower case. */
  sha256?: string;
  altText?: string;
  filters?: FilterName[];
}

type ReadField = (fields: UploadFields, value: string) => void;

const metadataSchema = z.record(z.string(), z.json());

const readers: Readonly<Record<string, ReadField>> = {
  metadata(fields, value) {
    const parsed = metadataSchema.safeParse(jsonOf(value));
    if (!parsed.success) throw invalid('The field "metadata" must be a JSON object.');
    fields.metadata = parsed.data as JsonObject;
  },
  sha256(fields, value) {
    if (!/^[0-9a-f]{64}$/i.test(value)) throw invalid('The field "sha256" must be 64 hexadecimal digits.');
    fields.sha256 = value.toLowerCase();
  },
  altText(fields, value) {
    fields.altText = checked('altText', altTextSchema, value);
  },
  filters(fields, value) {
    fields.filters = checked('filters', filtersText, value);
  },
};

export const fieldNames = Object.keys(readers);
/** For sentences. */
export const fieldList = fieldNames.map((name) => `"${name}"`).join(', ');

/**
 * How a field is read.
 * @param cut its name or its value was longer than it may be
 * @throws Problem 422 `invalid_upload`
 */
export function fieldReader(name: string, cut: boolean): ReadField {
  const reader = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (!reader) throw invalid(`There is no field "${name}"; those beside the file are ${fieldList}.`);
  if (cut) throw invalid(`The field "${name}" is too long.`);
  return reader;
}

export function invalid(detail: string): Problem {
  return new Problem(422, 'invalid_upload', 'The upload does not fit', detail);
}

function checked<T>(name: string, schema: z.ZodType<T>, value: string): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalid(`The field "${name}" ${parsed.error.issues[0]?.message}.`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
