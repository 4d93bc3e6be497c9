/** Looks at the installation: what the ledger knows of queues, attempts and schedules. Costs the same with any backlog. */
import type { Operations, Queryable, QueuePath } from '../contract/index.ts';
import type { Sight } from './rules.ts';

export async function look(db: Queryable, operations: Pick<Operations, 'queues' | 'alarms'>): Promise<Sight> {
  const [queues, alarms, recent, schedules] = await Promise.all([
    operations.queues(),
    operations.alarms(),
    db.query<Sight['recent'][number] & { queue: QueuePath }>(recentSql),
    db.query<Sight['schedules'][number]>(schedulesSql),
  ]);
  return { queues, alarms, recent: recent.rows, schedules: schedules.rows };
}

const recentSql = `
  select queue, coalesce(sum(succeeded + failed) filter (where at > now() - interval '5 minutes'), 0)::int as ended,
    coalesce(sum(failed) filter (where at > now() - interval '5 minutes'), 0)::int as failed, sum(dead)::int as dead
  from twolane.queue_stats where at > now() - interval '10 minutes' group by queue`;

/** Slots that were let pass by a schedule's own policy count from when they should have run. */
const schedulesSql = `
  select s.name, greatest(extract(epoch from now() - s.next_at), extract(epoch from m.at - m.slot), 0)::float8 as "lateS"
  from twolane.schedules s left join lateral (
    select r.slot, r.at from twolane.schedule_runs r
    where r.schedule = s.name and r.outcome = 'missed' and r.at > now() - interval '10 minutes'
    order by r.id desc limit 1) m on true
  where s.enabled`;
