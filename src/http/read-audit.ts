/** The audit as it is looked through: who did what to what, the newest first. */
import type { Queryable } from '../contract/database.ts';
import { cutPage, idCursor, type Page, type PageRequest } from '../contract/page.ts';
import type { Json } from '../contract/words.ts';

/** One line of the audit. */
export interface AuditRow {
  id: string;
  at: string;
  actor: string;
  action: string;
  /** A job's id, an operation's id, a queue's path, `type:…`, `key:…`, `schedule/…`, `worker:…`, `alert:…`. */
  target: string;
  detail: Json | null;
  /** `done`, or the code of the refusal; null when the process ended in between. */
  outcome: string | null;
}

export interface AuditFilter {
  actor?: string | undefined;
  action?: string | undefined;
  target?: string | undefined;
  /** `done`, `refused` (any other), or a code. */
  outcome?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

/** Words for many outcomes; any other is a code. Written as the index of refusals has it. */
const outcomes: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'true'],
  ['done', "outcome = 'done'"],
  ['refused', "outcome <> 'done'"],
]);

const newest = '9223372036854775807';

/** A page of lines that fit. @throws TwolaneError `invalid_cursor` */
export async function readAudit(
  db: Queryable,
  filter: AuditFilter,
  { limit = 50, cursor }: PageRequest,
): Promise<Page<AuditRow>> {
  const { actor, action, target, outcome, since, until } = filter;
  const word = outcomes.get(outcome);
  const { rows } = await db.query<Omit<AuditRow, 'at'> & { at: Date }>(
    `select a.id::text, at, actor, action, target, detail, outcome from twolane.audit a
     where a.id < $1 and ($3::text is null or actor = $3) and ($4::text is null or action = $4)
       and ($5::text is null or target = $5)
       and ($6::timestamptz is null or at >= $6) and ($7::timestamptz is null or at < $7) and ${word ?? "outcome <> 'done' and outcome = $8"}
     order by a.id desc limit $2`,
    [idCursor(cursor) ?? newest, limit + 1, actor, action, target, since, until, ...(word ? [] : [outcome])],
  );
  return cutPage(
    rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    limit,
    ({ id }) => id,
  );
}
