/** Pauses: what operators hold back by queue, by job type and by key. */
import type { Pause, PauseTarget, Queryable } from '../contract/index.ts';

export async function pause(database: Queryable, target: PauseTarget): Promise<void> {
  if (typeof target !== 'string') await database.query('select twolane.pause($1, $2)', kindAndName(target));
  else
    await database.query(
      `insert into twolane.queues as q (queue, paused, paused_at) values ($1, true, now())
       on conflict (queue) do update set paused = true, paused_at = coalesce(q.paused_at, now())`,
      [target],
    );
}

/** What was parked comes back in steps, some 10,000 jobs a second. */
export async function resume(database: Queryable, target: PauseTarget): Promise<void> {
  if (typeof target !== 'string') await database.query('select twolane.resume($1, $2)', kindAndName(target));
  else await database.query('update twolane.queues set paused = false, paused_at = null where queue = $1', [target]);
}

export async function readPauses(database: Queryable): Promise<Pause[]> {
  const { rows } = await database.query<Omit<Pause, 'since'> & { since: Date }>(
    `select 'queue' as kind, queue as name, coalesce(paused_at, now()) as since from twolane.queues where paused
     union all select kind, name, since from twolane.lots where closed and kind in ('type', 'key')
     order by since desc, name`,
  );
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}

function kindAndName(target: { type: string } | { key: string }): [kind: 'type' | 'key', name: string] {
  return 'type' in target ? ['type', target.type] : ['key', target.key];
}
