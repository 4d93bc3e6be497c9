/** What was ever appended, what was settled and what is alive: three counts that are taken apart and must fit. */
import type { Books, Conservation, Queryable } from '../contract/index.ts';

type Sums = Record<'appended' | 'settled' | 'live', string>;

/** Counts now, every live job. */
export async function readConservation(database: Queryable): Promise<Conservation> {
  const { rows } = await database.query<Sums>('select * from twolane.conservation()');
  return balanceOf(rows[0] as Sums);
}

/** What the patrol counted last. */
export async function readBooks(database: Queryable): Promise<Books | null> {
  const { rows } = await database.query<Sums & { at: Date }>('select * from twolane.books where at is not null');
  return rows[0] ? { ...balanceOf(rows[0]), countedAt: rows[0].at.toISOString() } : null;
}

function balanceOf(sums: Sums): Conservation {
  const appended = Number(sums.appended);
  const settled = Number(sums.settled);
  const live = Number(sums.live);
  return { appended, settled, live, unaccounted: appended - settled - live };
}
