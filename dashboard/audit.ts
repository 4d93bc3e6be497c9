/** The audit: every change that an operator makes is written down before it is made, and its outcome after. */
import type { Json } from '../src/contract/words.ts';
import { problemOf } from '../src/http/problem.ts';
import type { DashboardDeps } from './deps.ts';

/** What is about to be done, by whom, to what (a job's id or a queue's path). */
export interface AuditEntry {
  actor: string;
  action: string;
  target: string;
  detail?: Json;
}

/**
 * Runs `work` between the two halves of its audit row. Without a row nothing is done; a row without an outcome means
 * that the process ended in between.
 */
export async function audited<T>(deps: DashboardDeps, entry: AuditEntry, work: () => Promise<T>): Promise<T> {
  const { actor, action, target, detail } = entry;
  const inserted = await deps.db.query<{ id: string }>(
    'insert into twolane.audit (actor, action, target, detail) values ($1, $2, $3, $4) returning id',
    [actor, action, target, detail === undefined ? null : JSON.stringify(detail)],
  );
  const finish = async (outcome: string) => {
    deps.logger.info({ actor, action, target, outcome }, 'An operator acted');
    await deps.db.query('update twolane.audit set outcome = $2 where id = $1', [inserted.rows[0]?.id, outcome]);
  };
  try {
    const result = await work();
    await finish('done');
    return result;
  } catch (error) {
    await finish(problemOf(error).code);
    throw error;
  }
}
