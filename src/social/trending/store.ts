/** What trending keeps in PostgreSQL: uses of tags by window, scores, the week's baseline, and the list that is served. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { PreparedPost } from './filters.ts';
import { windowMs } from './score.ts';
import type { Scored } from './variants.ts';

/** Windows that are kept open for what comes late, after the one that is running. */
export const lateWindows = 2;
/** Partitions of the ring: more than the windows that can be written to. */
const ring = 8;
/** Hours of the baseline. */
const week = 7 * 24;

export interface TagUse {
  tag: string;
  authorId: string;
  window: number;
}

/** A tag of a window, with what was to be expected of it. */
export interface WindowCount {
  tag: string;
  count: number;
  baseline: number;
}

export interface TrendList {
  asOf: string;
  items: Scored[];
  /** The people who used the most used tag in one of the windows that were scored last. */
  mostPeople: number;
}

export class TrendStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** All that the filters need to know of these posts, in one read. Unknown ids are left out. */
  async prepare(postIds: readonly string[], now: number): Promise<PreparedPost[]> {
    const { rows } = await this.#db('').query<Omit<PreparedPost, 'at'> & { at: Date }>(
      `select p.id::text as "postId", p.author_id as "authorId", p.caption, coalesce(p.published_at, p.created_at) as at,
         p.state = 'published' and p.audience = 'everyone' and not twolane_social.is_private(p.author_id) as published,
         (extract(epoch from to_timestamp($2 / 1000.0) - u.created_at) * 1000)::float8 as "authorAgeMs",
         exists (select 1 from twolane_social.abuse_decisions d where d.subject = p.author_id and d.decision = 'block' and d.deed <> 'log-in-to'
           and d.last_at > to_timestamp($2 / 1000.0) - interval '1 day') as "authorBlocked"
       from twolane_social.posts p left join twolane_social.users u on u.id::text = p.author_id
       where p.id = any($1::bigint[])`,
      [postIds, now],
    );
    return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
  }

  /** Notes uses of tags; one author counts once per tag and window, however often this is repeated. */
  async use(uses: readonly TagUse[]): Promise<void> {
    await this.#db('').query(
      `insert into twolane_social.trend_uses (slot, time_window, tag, author_hash)
       select u.w % ${ring}, u.w, u.tag, hashtextextended(u.author, 0) from unnest($1::int[], $2::text[], $3::text[]) as u(w, tag, author)
       order by u.w, u.tag, u.author on conflict do nothing`,
      [uses.map((use) => use.window), uses.map((use) => use.tag), uses.map((use) => use.authorId)],
    );
  }

  /** The tags of a window that at least `least` authors used, how many uses it has in all, and those of its most used tag. */
  async counts(window: number, least: number): Promise<{ total: number; most: number; tags: WindowCount[] }> {
    const { rows } = await this.#db('').query<{ total: string; most: number; tags: WindowCount[] }>(
      `with counted as materialized (
         select tag, count(*)::int as count from twolane_social.trend_uses where slot = $1::int % ${ring} and time_window = $1 group by tag
       ), known as (
         select c.tag, c.count, coalesce((select max(b.max_share) from twolane_social.trend_baseline b
           where b.tag = c.tag and b.hour between $3 - ${week} and $3 - 2), 0) as baseline
         from counted c where c.count >= $2
       )
       select coalesce(sum(count), 0) as total, coalesce(max(count), 0) as most,
         (select coalesce(json_agg(known), '[]') from known) as tags from counted`,
      [window, least, hourOf(window)],
    );
    const { total, most, tags } = rows[0] as (typeof rows)[number];
    return { total: Number(total), most, tags };
  }

  /** Keeps what a window was scored with; again replaces it. `tags` raise the baseline of the hours to come. */
  async keep(
    tx: Queryable,
    window: number,
    { total, tags, scores }: { total: number; tags: readonly WindowCount[]; scores: readonly Scored[] },
  ): Promise<void> {
    await tx.query('delete from twolane_social.trend_scores where time_window = $1', [window]);
    await tx.query(
      `insert into twolane_social.trend_scores (time_window, tag, score, count)
       select $1, s.* from unnest($2::text[], $3::float8[], $4::int[]) as s(tag, score, count)`,
      [window, scores.map(({ tag }) => tag), scores.map(({ score }) => score), scores.map(({ count }) => count)],
    );
    await tx.query(
      `insert into twolane_social.trend_baseline as b (tag, hour, max_share)
       select tag, $1, count / $2::float8 from unnest($3::text[], $4::int[]) as c(tag, count) order by tag
       on conflict (tag, hour) do update set max_share = excluded.max_share where b.max_share < excluded.max_share`,
      [hourOf(window), total, tags.map(({ tag }) => tag), tags.map(({ count }) => count)],
    );
  }

  /** The scores of windows after `window`. */
  async scoresAfter(window: number): Promise<(Scored & { window: number })[]> {
    const { rows } = await this.#db('').query<Scored & { window: number }>(
      'select time_window as window, tag, score, count from twolane_social.trend_scores where time_window > $1',
      [window],
    );
    return rows;
  }

  /** Forgets what is past its use while the window `current` is running; `scoredAfter` is the oldest that still counts. */
  async forget(current: number, scoredAfter: number): Promise<void> {
    const db = this.#db('');
    // All of the ring but what is still scored, what is running, and the next one, for clocks that are ahead.
    for (let window = current + 2; window < current - lateWindows - 1 + ring; window += 1) {
      const partition = `twolane_social.trend_uses_${window % ring}`;
      const { rowCount } = await db.query(`select from ${partition} limit 1`);
      if (rowCount) await db.query(`truncate ${partition}`);
    }
    await db.query('delete from twolane_social.trend_scores where time_window <= $1', [scoredAfter]);
    await db.query('delete from twolane_social.trend_baseline where hour < $1', [hourOf(current) - week]);
  }

  /** Replaces the list at once, unless a newer one is there. */
  async publish(tx: Queryable, { asOf, items, mostPeople }: TrendList): Promise<void> {
    await tx.query(
      `insert into twolane_social.trend_list as l (id, as_of, items, most_people) values (1, $1, $2, $3)
       on conflict (id) do update set as_of = excluded.as_of, items = excluded.items, most_people = excluded.most_people
       where l.as_of <= excluded.as_of`,
      [asOf, JSON.stringify(items), mostPeople],
    );
  }

  /** Undefined before the first one was published. */
  async list(): Promise<TrendList | undefined> {
    const { rows } = await this.#db('').query<Omit<TrendList, 'asOf'> & { asOf: Date }>(
      'select as_of as "asOf", items, most_people as "mostPeople" from twolane_social.trend_list',
    );
    const [row] = rows;
    return row && { ...row, asOf: row.asOf.toISOString() };
  }
}

/** Whole hours since 1970. */
function hourOf(window: number): number {
  return Math.floor((window * windowMs) / 3_600_000);
}
