/** Which foreign name (a Celery task, a BullMQ job, a Gearman function) becomes which job type; checked before anything is taken. */
import { type Catalog, type JobDefinition, TwolaneError } from '../contract/index.ts';

/** A job type by its name, or with what else its entry says. */
export type Mapping<Entry extends { type: string }> = Readonly<Record<string, string | Entry>>;

/** An entry whose job type is known. */
export type Mapped<Entry extends { type: string }> = Omit<Entry, 'type'> & { job: JobDefinition };

/**
 * Looks every job type up.
 * @param what for messages: `Celery task`
 * @throws TwolaneError `invalid_mapping` naming every entry whose type is not in the catalog
 */
export function resolveMapping<Entry extends { type: string }>(
  catalog: Catalog,
  mapping: Mapping<Entry>,
  what: string,
): ReadonlyMap<string, Mapped<Entry>> {
  const resolved = new Map<string, Mapped<Entry>>();
  const problems: string[] = [];
  for (const [name, given] of Object.entries(mapping)) {
    const { type, ...rest } = (typeof given === 'string' ? { type: given } : given) as Entry;
    const job = Object.hasOwn(catalog, type) ? catalog[type] : undefined;
    if (job) resolved.set(name, { ...rest, job });
    else problems.push(`${what} ${name} leads to the job type "${type}", which is not in the catalog`);
  }
  if (problems.length > 0) throw new TwolaneError('invalid_mapping', problems.join('; '));
  return resolved;
}
