/** Results on standard output: tables and facts for people, JSON for programs (lists as NDJSON, one entry per line). */
import type { Terminal } from '../terminal.ts';
import { type Column, tableOf } from './table.ts';

export interface ListOptions<T> {
  json: boolean | undefined;
  columns: readonly Column<T>[];
  /** What is said instead of a table without rows. */
  empty: string;
  /** Entries at most; a hint tells when there are more. */
  limit?: number;
}

/** Prints entries as they come (JSON) or as one table. */
export async function printList<T>(
  terminal: Terminal,
  items: AsyncIterable<T> | Iterable<T>,
  { json, columns, empty, limit = Number.POSITIVE_INFINITY }: ListOptions<T>,
): Promise<void> {
  const rows: T[] = [];
  let more = false;
  for await (const item of items) {
    more = rows.length === limit;
    if (more) break;
    rows.push(item);
    if (json) terminal.out(`${JSON.stringify(item)}\n`);
  }
  if (!json && rows.length === 0) terminal.err(`${empty}\n`);
  else if (!json) terminal.out(tableOf(rows, columns, terminal));
  if (more) terminal.err(`The first ${limit}; there are more (--limit).\n`);
}

/** One line of JSON. */
export function printJson(terminal: Pick<Terminal, 'out'>, value: unknown): void {
  terminal.out(`${JSON.stringify(value)}\n`);
}

/** JSON for people, indented. */
export const pretty = (value: unknown) => JSON.stringify(value, null, 2);
