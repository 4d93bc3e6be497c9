/** The audit: every change that an operator or a client with a key makes is written down before it is made, its outcome after. */
import type { Queryable } from '../contract/database.ts';
import type { Logger } from '../contract/logger.ts';
import type { Json } from '../contract/words.ts';
import { problemOf } from './problem.ts';

/** What is about to be done, by whom, to what: a job's id, an operation's id, a queue's path, `type:…` or `key:…`. */
export interface AuditEntry {
  actor: string;
  action: string;
  target: string;
  /** Never a value of a payload: the audit outlives the job, and may be read by more people. */
  detail?: Json;
}

/**
 * Runs `work` between the two halves of its audit row, whose id it is given. Without a row nothing is done; a row without
 * an outcome means that the process ended in between.
 */
export async function audited<T>(
  deps: { db: Queryable; logger: Logger },
  entry: AuditEntry,
  work: (auditId: string) => Promise<T>,
): Promise<T> {
  const { actor, action, target, detail } = entry;
  const inserted = await deps.db.query<{ id: string }>(
    'insert into twolane.audit (actor, action, target, detail) values ($1, $2, $3, $4) returning id',
    [actor, action, target, detail === undefined ? null : JSON.stringify(detail)],
  );
  const id = inserted.rows[0]?.id as string;
  const finish = async (outcome: string) => {
    deps.logger.info({ actor, action, target, outcome }, 'An operator acted');
    await deps.db.query('update twolane.audit set outcome = $2 where id = $1', [id, outcome]);
  };
  try {
    const result = await work(id);
    await finish('done');
    return result;
  } catch (error) {
    await finish(problemOf(error).code);
    throw error;
  }
}
