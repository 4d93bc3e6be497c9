/** Reads every payload that waits as a worker of this code would, and counts what it could not read, by type and version. */
import { parsePayload } from '../../workers/steps/parse-payload.ts';
import type { Catalog } from '../contract/job.ts';
import type { Json } from '../contract/words.ts';
import { type BacklogPayload, readBacklog } from '../ledger/backlog.ts';
import type { Twolane } from '../twolane.ts';

/** The payloads of one type and version. */
export interface BacklogReport {
  type: string;
  version: number;
  jobs: number;
  /** Those that this code could not read. */
  unreadable: number;
  /** The first of them, and why. */
  sampleId: string | null;
  why: string | null;
}

const page = 1_000;
/** What `payloadOf` answers is decrypted already. */
const inClear = { open: (_type: string, payload: Json) => payload };

/**
 * Goes over the whole backlog once.
 * @param told after every page with the number of payloads read so far
 */
export async function checkBacklog(
  { database, operations, catalog }: Pick<Twolane, 'database' | 'operations' | 'catalog'>,
  { dead, signal }: { dead: boolean; signal: AbortSignal },
  told: (read: number) => void,
): Promise<BacklogReport[]> {
  const reports = new Map<string, BacklogReport>();
  const payloadOf = async ({ id, type, payload, stored }: BacklogPayload) =>
    stored || catalog[type]?.secrets ? operations.reveal(id) : payload;
  let after = '0';
  for (let read = 0; ; ) {
    signal.throwIfAborted();
    const rows = await readBacklog(database, { after, limit: page, dead });
    for (const row of rows) note(reports, row, await whyUnreadable(catalog, row, () => payloadOf(row)));
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
    read += rows.length;
    told(read);
  }
  return [...reports.values()].sort((a, b) => a.type.localeCompare(b.type) || a.version - b.version);
}

async function whyUnreadable(
  catalog: Catalog,
  { type, version }: BacklogPayload,
  payload: () => Promise<Json | undefined>,
): Promise<string | undefined> {
  const definition = Object.hasOwn(catalog, type) ? catalog[type] : undefined;
  if (!definition) return 'this code has no such job type';
  if (version > definition.version) return `newer than version ${definition.version}, the newest that this code knows`;
  try {
    parsePayload(definition, (await payload()) as Json, version, inClear);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function note(
  reports: Map<string, BacklogReport>,
  { id, type, version }: BacklogPayload,
  why: string | undefined,
): void {
  const name = `${type} ${version}`;
  const report = reports.get(name) ?? { type, version, jobs: 0, unreadable: 0, sampleId: null, why: null };
  report.jobs += 1;
  if (why !== undefined) {
    report.unreadable += 1;
    report.sampleId ??= id;
    report.why ??= why;
  }
  reports.set(name, report);
}
