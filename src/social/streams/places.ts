/** Reads the numbered events of many readers with one statement, whatever kind of events they are. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { Place } from './user-streams.ts';

/** The readers as a table in the statements below. */
export const readersTable = 'unnest($1::text[], $2::bigint[]) with ordinality as w(user_id, after, place)';

/** What `statement` finds for each reader, in the order of `places`. It selects from `readersTable` and answers `w.place`. */
export async function rowsByReader<Row extends object>(
  db: DatabaseFor,
  places: readonly Place[],
  statement: string,
): Promise<Row[][]> {
  const found: Row[][] = places.map(() => []);
  const [first] = places;
  if (!first) return found;
  const { rows } = await db(first.userId).query<Row & { place: string }>(statement, [
    places.map(({ userId }) => userId),
    places.map(({ after }) => after),
  ]);
  for (const row of rows) found[Number(row.place) - 1]?.push(row);
  return found;
}

/** Which of the readers have events that they have not seen. @param counts the table that holds each user's `last_seq`. */
export async function readersBehind(db: DatabaseFor, places: readonly Place[], counts: string): Promise<number[]> {
  const found = await rowsByReader(
    db,
    places,
    `select w.place from ${readersTable} join ${counts} c on c.user_id = w.user_id where c.last_seq > w.after`,
  );
  return found.flatMap((rows, index) => (rows.length > 0 ? [index] : []));
}
