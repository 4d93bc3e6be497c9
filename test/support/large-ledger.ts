/**
 * A ledger of as many jobs as one asks for, as if they had come over thirty days: written by SQL, a day at a time, with a few
 * of everything that is rare. Nothing of it ever runs.
 */
import type { Queryable } from '../../src/contract/index.ts';
import { dayName, idAt } from './past-days.ts';

export const days = 30;
/** At most so many are live, the newest; one in a hundred is dead. */
const mostLive = 100_000;

/** What of the day's job number `n` follows from `n`: `g` is its number in all, from 0 for the oldest. */
const facts = `
  select id, g, u,
    case when g % 400000 = 399 then 'rare' when u % 2 = 0 then 'notify' else 'work-' || u % 20 end as type,
    case when g % 400000 = 399 then 'bulk/rare' when u % 2 = 0 then 'realtime/notifications' else 'bulk/work-' || u % 10 end as queue,
    case when u % 3 = 0 then 'post:' || u % 100000 end as key,
    case when g % 400000 = 599 then 'tiny' else 't' || u % 100 end as tenant,
    case when u % 5 > 0 then 'user-' || u % 100000 end as owner,
    jsonb_build_object('userId', (u % 100000)::text, 'mediaId', g::text, 'kind', 'photo', 'width', u % 4000) as payload,
    case when g >= total - live then 'live' when g % 100 = 50 then 'dead' else 'done' end as fate
  from (
    select low + (n * ((high - low) / per_day)) / 1024 * 1024 + n % 1024 as id, before + n as g, total, live,
      ('x' || substr(md5((before + n)::text), 1, 7))::bit(28)::int as u
    from (select $1::bigint as low, $2::bigint as high, $3::bigint as per_day, $4::bigint as before, $5::bigint as total, $6::bigint as live) given,
      generate_series(0, per_day - 1) n
  ) numbered`;

const write = `
  with facts as materialized (${facts}), jobs as (
    insert into twolane.jobs (id, type, version, queue, prio, key, tenant, owner, payload, max_attempts, timeout_ms)
    select id, type, 1, queue, 2, key, tenant, owner, payload, 5, 30000 from facts
  ), live as (
    insert into twolane.live (id, queue, prio, tenant, type, version, key, state, waiting, due_at, dispatched_at, started_at, attempt, max_attempts, fence, blockers, timeout_ms)
    select id, queue, 2, tenant, type, 1, key, state, state = 'waiting', case when state = 'scheduled' then now() + interval '1 hour' end,
      case when state in ('queued', 'running') then now() end, case when state = 'running' then now() end, 1, 5, 1,
      case when state = 'blocked' then 1 else 0 end, 30000
    from (select *, case when g % 100 = 1 then 'running' when g % 100 = 2 then 'queued' when g % 1000 = 3 then 'blocked'
      when u % 3 = 0 then 'scheduled' else 'waiting' end as state from facts where fate = 'live') l
  ), dead as (
    insert into twolane.dead (id, type, queue, attempt, fence, died_at, reason, fingerprint, awaited, error)
    select id, type, queue, 5, 5, twolane.time_of(id), 'attempts', 'f' || u % 40, false,
      jsonb_build_object('name', 'Error', 'code', 'E' || u % 40, 'stack', repeat('at work (work.js:1:1) ', 40),
        'message', case when g % 400000 = 50 then 'Disk is full on volume ' || u else 'ECONNREFUSED 10.0.0.' || u % 200 end)
    from facts where fate = 'dead'
  )
  insert into twolane.done (id, type, queue, state, attempt, worker, started_at, finished_at, result)
  select id, type, queue, case when u % 50 = 0 then 'cancelled' else 'succeeded' end, 1, 'host:1', twolane.time_of(id),
    twolane.time_of(id) + interval '1 second', '{"ok": true}' from facts where fate = 'done'`;

/** Fills an empty ledger with `count` jobs, the newest today. */
export async function fillLedger(database: Queryable, count: number): Promise<void> {
  const perDay = Math.ceil(count / days);
  const total = perDay * days;
  const live = Math.min(Math.floor(total / 10), mostLive);
  for (let day = 0; day < days; day += 1) {
    const age = days - day;
    const [from, to] = await makeDay(database, age);
    await database.query(write, [from, to, perDay, day * perDay, total, live]);
  }
  await database.query(
    `insert into twolane.schedule_runs (schedule, slot, job_id, outcome)
     select 'nightly', twolane.time_of(id), id, 'run' from twolane.jobs where type = 'rare' order by id`,
  );
  await database.query(
    `insert into twolane.audit (actor, action, target, outcome)
     select 'operator-' || n % 9, case when n % 1000 = 0 then 'pause' else 'retry' end, n::text, 'done' from generate_series(1, $1::int) n`,
    [Math.min(count, 1_000_000) / 10],
  );
  for (const table of ['jobs', 'done', 'live', 'dead', 'audit', 'schedule_runs', 'dead_groups'])
    await database.query(`vacuum analyze twolane.${table}`);
}

/** The partitions of a day that has passed; the ids that belong to it. */
async function makeDay(database: Queryable, age: number): Promise<[from: string, to: string]> {
  const day = dayName(age);
  const ids: [string, string] = [await idAt(database, day), await idAt(database, dayName(age - 1))];
  for (const table of ['jobs', 'done', 'attempts', 'logs'])
    await database.query(
      `create table twolane.${table}_${day.replaceAll('-', '')} partition of twolane.${table} for values from (${ids[0]}) to (${ids[1]})`,
    );
  return ids;
}
