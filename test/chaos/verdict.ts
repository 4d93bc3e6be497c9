/** Compares what clients were promised with what came of it, once everything is quiet. Each number but the first block must be 0. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { endings } from './endings.ts';
import type { Load } from './load.ts';
import { readStarts } from './starts.ts';
import type { World } from './world.ts';

export interface Verdict {
  accepted: number;
  media: number;
  posts: number;
  likes: number;
  /** Starts of handlers; and those beyond the first of the same attempt: proof that something was run again. */
  starts: number;
  redelivered: number;
  slots: number;
  wrong: Wrong;
}

/** What must not be. */
export interface Wrong {
  /** Accepted, and without any effect. */
  lost: number;
  /** Effects beyond the first of a job. */
  doubled: number;
  /** Effects of jobs that nobody had sent. */
  phantom: number;
  /** Keys that became more than one job. */
  split: number;
  /** Effects before their time, and effects of one key in another order than accepted. */
  early: number;
  disordered: number;
  /** Effects whose file is not there, or is that of another attempt. */
  wrongFiles: number;
  /** Accepted photos that are not ready, posts that are not published, likes that are not counted. */
  unready: number;
  unpublished: number;
  uncounted: number;
  /** Slots of the schedule between the first and the last that had no effect. */
  missedSlots: number;
  /** Jobs that are still alive; messages that a broker still has. */
  stuck: number;
  left: number;
  unaccounted: number;
  /** States that the patrol had to put right, which no code of ours leaves behind. */
  mended: number;
  /** Jobs that died, other than by poison. */
  dead: number;
  refused: number;
  /** Processes that ended by themselves, other than by poison or to be replaced. */
  ended: number;
}

const count = async (world: World, sql: string, values: unknown[] = []) =>
  (await world.query<{ n: number }>(sql, values))[0]?.n ?? -1;

/** Jobs that wait for minutes by design, and those that schedules begin again and again. */
const lasting = ['announce-notification', 'chaos-slot', 'rank-hashtags', 'score-hashtags', 'collect-uploads'];

/** Waits until no job is alive but those that last, twice in a row. Answers how many are left after `patienceMs`. */
export async function quiet(world: World, patienceMs: number): Promise<number> {
  const deadline = Date.now() + patienceMs;
  for (let calm = 0; ; ) {
    const live = await count(world, 'select count(*)::int as n from twolane.live where type <> all($1)', [lasting]);
    calm = live === 0 ? calm + 1 : 0;
    if (calm === 3 || Date.now() > deadline) return live;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface Effect {
  job: string;
  key: string;
  n: number;
}

export async function verdict(world: World, load: Load, stuck: number): Promise<Verdict> {
  const { accepted } = load;
  const effects = await world.query<Effect>(
    `select job, key, count(*)::int as n from chaos_effects where key not like 'slot %' group by job, key`,
  );
  const keys = new Set(effects.map(({ key }) => key));
  const starts = readStarts(world).map(({ id, attempt }) => `${id} ${attempt}`);
  const slots = await world.query<{ at: number; n: number }>(
    `select extract(epoch from substr(key, 6)::timestamptz)::int as at, count(*)::int as n from chaos_effects
     where key like 'slot %' group by 1 order by 1`,
  );
  const sums = await world.query<{ appended: string; settled: string; live: string }>(
    'select * from twolane.conservation()',
  );
  const [sum] = sums.map((row) => Number(row.appended) - Number(row.settled) - Number(row.live));
  return {
    accepted: accepted.jobs.size,
    media: accepted.media.size,
    posts: accepted.posts.size,
    likes: accepted.likes.size,
    starts: starts.length,
    redelivered: starts.length - new Set(starts).size,
    slots: slots.length,
    wrong: {
      lost: [...accepted.jobs.keys()].filter((key) => !keys.has(key)).length,
      doubled: [...effects, ...slots].reduce((total, { n }) => total + n - 1, 0),
      phantom: [...keys].filter((key) => !load.sent.has(key)).length,
      split: effects.length - keys.size,
      early: await count(
        world,
        'select count(*)::int as n from chaos_effects e join twolane.jobs j on j.id = e.job where j.run_at > e.at',
      ),
      disordered: await disordered(world),
      wrongFiles: await wrongFiles(world),
      unready: await missing(
        world,
        'select id::text as it from twolane.media where state = $1',
        ['ready'],
        accepted.media,
      ),
      unpublished: await missing(
        world,
        'select id::text as it from twolane_social.posts where state = $1',
        ['published'],
        accepted.posts,
      ),
      uncounted: await uncounted(world, accepted.likes),
      missedSlots: slots.length === 0 ? 0 : ((slots.at(-1)?.at ?? 0) - (slots[0]?.at ?? 0)) / 2 + 1 - slots.length,
      stuck,
      left: await leftInBrokers(world),
      unaccounted: Math.abs(sum ?? Number.NaN),
      mended: await count(
        world,
        `select coalesce(sum(jobs), 0)::int as n from twolane.repairs where kind <> 'republished'`,
      ),
      dead: await count(world, 'select count(*)::int as n from twolane.dead where id <> all($1::bigint[])', [
        [...accepted.poison],
      ]),
      refused: load.refused.length + load.unknown,
      ended: endings(world, load).filter(({ why }) => why === 'unexplained').length,
    },
  };
}

/** What can only be wrong if something is: the names of all that is. */
export function faultsIn({ wrong }: Verdict): string[] {
  return Object.entries(wrong).flatMap(([name, n]) => (n === 0 ? [] : [`${name} ${n}`]));
}

function disordered(world: World): Promise<number> {
  return count(
    world,
    `select count(*)::int as n from (
       select e.job, lag(e.job) over (partition by j.key order by e.seq) as before
       from chaos_effects e join twolane.jobs j on j.id = e.job where j.key is not null) pairs
     where job < before`,
  );
}

async function wrongFiles(world: World): Promise<number> {
  const rows = await world.query<{ content: string; prefix: string }>(
    `select job || ' ' || fence as content, prefix from chaos_effects where prefix is not null`,
  );
  return rows.filter(({ content, prefix }) => {
    const file = join(world.folder, 'files', prefix, 'effect.txt');
    return !existsSync(file) || readFileSync(file, 'utf8') !== content;
  }).length;
}

async function missing(world: World, sql: string, values: unknown[], wanted: ReadonlySet<string>): Promise<number> {
  const there = new Set((await world.query<{ it: string }>(sql, values)).map(({ it }) => it));
  return [...wanted].filter((one) => !there.has(one)).length;
}

/** Likes that are not there, and posts whose count differs from a recount. */
async function uncounted(world: World, likes: ReadonlySet<string>): Promise<number> {
  const sql = `select post_id || '/' || user_id as it from twolane_social.likes`;
  const differing = await count(
    world,
    `select count(*)::int as n from twolane_social.posts p
     where like_count <> (select count(*) from twolane_social.likes l where l.post_id = p.id)`,
  );
  return differing + (await missing(world, sql, [], likes));
}

/** Copies of jobs that are over lie in a broker until a worker has asked the ledger about them. */
async function leftInBrokers(world: World): Promise<number> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const depths = await Promise.all([...world.lanes.values()].map((lane) => lane.inspect('chaos')));
    const left = depths.reduce((sum, depth) => sum + (depth ? depth.ready + depth.unacked : 1_000), 0);
    // The schedule never ends: one of its jobs may be under way.
    if (left <= 2) return 0;
    if (Date.now() > deadline) return left;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
