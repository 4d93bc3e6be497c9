/** Gearman functions: which job type each leads to, how its bytes become a payload, and a result bytes again. */
import { type Catalog, type Json, TwolaneError } from '../../contract/index.ts';
import { type Mapped, type Mapping, resolveMapping } from '../mapping.ts';

export interface GearmanFunction {
  /** The job type. */
  type: string;
  /** Default: JSON as it is; other text as `{ data, encoding: 'utf8' }`, other bytes as `{ data, encoding: 'base64' }`. */
  payload?(bytes: Buffer): unknown;
  /** Default: nothing, text as it is, `{ data, encoding }` decoded, anything else as JSON. */
  result?(result: Json): string | Uint8Array;
  /** The notes of `context.progress` reach foreground clients as WORK_DATA, which most of them take for output. Default false. */
  notesAsData?: boolean;
}

/** By the name that clients use. A plain string is a job type. */
export type GearmanFunctions = Mapping<GearmanFunction>;
export type MappedFunction = Mapped<GearmanFunction>;

/**
 * @param functions default: every bulk job type that is not internal, under its own name
 * @throws TwolaneError `invalid_mapping` for unknown types and internal ones
 */
export function resolveFunctions(catalog: Catalog, functions?: GearmanFunctions): ReadonlyMap<string, MappedFunction> {
  const open = () => Object.values(catalog).filter((job) => job.lane === 'bulk' && !job.internal);
  const given = functions ?? Object.fromEntries(open().map(({ type }) => [type, type]));
  const resolved = resolveMapping(catalog, given, 'Gearman function');
  for (const [name, { job }] of resolved) {
    if (!job.internal) continue;
    const text = `Gearman function ${name} leads to ${job.type}, which is internal: only the app's own code enqueues it`;
    throw new TwolaneError('invalid_mapping', text);
  }
  return resolved;
}

export function toPayload(bytes: Buffer): Json {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, which is allowed: most Gearman payloads are in a format of their own.
  }
  if (Buffer.from(text, 'utf8').equals(bytes)) return { data: text, encoding: 'utf8' };
  return { data: bytes.toString('base64'), encoding: 'base64' };
}

export function fromResult(result: Json): string | Uint8Array {
  if (result === null || result === undefined) return '';
  if (typeof result === 'string') return result;
  if (typeof result === 'object' && !Array.isArray(result) && typeof result.data === 'string') {
    if (result.encoding === 'base64') return Buffer.from(result.data, 'base64');
    if (result.encoding === 'utf8') return result.data;
  }
  return JSON.stringify(result);
}
