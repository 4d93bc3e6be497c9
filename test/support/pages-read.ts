/** How many pages of 8 KiB the statements of some work touch, in memory or on the disk, with all that their functions do inside. */
import type { Queryable } from '../../src/contract/index.ts';

interface Plan {
  Plan: { 'Shared Hit Blocks': number; 'Shared Read Blocks': number };
}

/**
 * Each statement is measured first and taken back, and then run so that the work goes on with what it answers.
 * @param tx inside a transaction, which the caller rolls back
 */
export async function pagesRead(tx: Queryable, work: (tx: Queryable) => Promise<unknown>): Promise<number> {
  let pages = 0;
  const query = async (text: string, values?: unknown[]) => {
    await tx.query('savepoint measured');
    const { rows } = await tx.query<{ 'QUERY PLAN': Plan[] }>(
      `explain (analyze, buffers, timing off, format json) ${text}`,
      values,
    );
    const { Plan: plan } = (rows[0] as { 'QUERY PLAN': [Plan] })['QUERY PLAN'][0];
    pages += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    await tx.query('rollback to measured');
    return tx.query(text, values);
  };
  await work({ query } as Queryable);
  return pages;
}
