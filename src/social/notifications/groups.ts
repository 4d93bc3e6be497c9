/** Keeps the groups of notifications in agreement with what is so: one unread row per (user, kind, object) with its actors. */
import type { Queryable } from '../../contract/database.ts';
import { type NotificationGroup, stillSo } from './facts.ts';
import type { Standing } from './gates.ts';
import { typeOf } from './types.ts';

/** What somebody's deed, or the time, meant for a group. */
export interface Change {
  news: Standing['news'];
  /** Absent when there is none (any more). */
  notificationId: string | undefined;
  announcedAt: Date | undefined;
  /** Of an actor who is new, among those of the notification. */
  rank?: string;
}

/** Actors whose deeds are looked at again before they are announced; of more than that the newest speak for all. */
const checkedAgain = 100;

/**
 * Makes the recipient's notification agree with what is so now: each actor is in it, once, or is not. Repeats change
 * nothing, and it doesn't matter whether a like or an unlike asked. Answers in the order of the actors, each named once.
 */
export async function agree(tx: Queryable, group: NotificationGroup, actorIds: readonly string[]): Promise<Change[]> {
  const facts = await stillSo(tx, group, actorIds);
  const so = new Set(facts.map(({ id }) => id));
  const over = actorIds.filter((id) => !so.has(id));
  const joined = so.size > 0 ? await join(tx, group, [...so], facts[0]?.noun ?? null) : undefined;
  const notificationId = await withdraw(tx, group, over);
  return actorIds.map((id) => joined?.get(id) ?? { news: 'over', notificationId, announcedAt: undefined });
}

/** What is new in a notification whose time has come; actors who took it back meanwhile are taken out. */
export async function whatIsNew(tx: Queryable, group: NotificationGroup, notificationId: string): Promise<Change> {
  const { rows } = await tx.query<{ announcedAt: Date | null; announcedRank: string; read: boolean }>(
    `select announced_at as "announcedAt", announced_rank::text as "announcedRank", read_at is not null as read
     from twolane_social.notifications where id = $1 for update`,
    [notificationId],
  );
  const [row] = rows;
  if (!row) return { news: 'over', notificationId: undefined, announcedAt: undefined };
  const change = { notificationId, announcedAt: row.announcedAt ?? undefined };
  const unheard = row.read ? [] : await newActors(tx, notificationId, row.announcedRank);
  if (unheard.length === 0) return { ...change, news: 'known' };
  const still = new Set((await stillSo(tx, group, unheard)).map(({ id }) => id));
  await withdraw(
    tx,
    group,
    unheard.filter((id) => !still.has(id)),
  );
  return { ...change, news: still.size > 0 ? 'new' : 'over' };
}

async function newActors(tx: Queryable, notificationId: string, rank: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select actor_id as id from twolane_social.notification_actors
     where notification_id = $1 and rank > $2 order by rank desc limit ${checkedAgain}`,
    [notificationId, rank],
  );
  return rows.map(({ id }) => id);
}

interface JoinedRow {
  actorId: string;
  notificationId: string;
  rank: string | null;
  announcedAt: Date | null;
}

async function join(
  tx: Queryable,
  group: NotificationGroup,
  actorIds: readonly string[],
  noun: string | null,
): Promise<ReadonlyMap<string, Change>> {
  const { rows } = await tx.query<JoinedRow>(
    `select actor_id as "actorId", notification_id::text as "notificationId", rank::text, announced_at as "announcedAt"
     from twolane_social.join_notification($1, $2, $3, $4, $5, $6)`,
    [...identity(group), noun, actorIds, typeOf(group.kind).repeats],
  );
  const changes = rows.map(({ actorId, notificationId, rank, announcedAt }): [string, Change] => [
    actorId,
    { news: rank ? 'new' : 'known', notificationId, announcedAt: announcedAt ?? undefined, ...(rank && { rank }) },
  ]);
  return new Map(changes);
}

/**
 * Actors who took it back before it was read no longer count; what was read stays as it was. The group is locked first, as
 * everywhere. Answers the notification, unless nobody is left in it.
 */
async function withdraw(
  tx: Queryable,
  group: NotificationGroup,
  actorIds: readonly string[],
): Promise<string | undefined> {
  if (actorIds.length === 0) return undefined;
  const { rows } = await tx.query<{ id: string }>(
    `select id::text from twolane_social.notifications
     where user_id = $1 and kind = $2 and object_id = $3 and read_at is null for update`,
    identity(group),
  );
  if (!rows[0]) return undefined;
  const left = await tx.query<{ count: number }>(
    `with gone as (
       delete from twolane_social.notification_actors where notification_id = $1 and actor_id = any($2) returning 1)
     update twolane_social.notifications set actor_count = actor_count - (select count(*) from gone)
     where id = $1 returning actor_count as count`,
    [rows[0].id, actorIds],
  );
  if (left.rows[0]?.count !== 0) return rows[0].id;
  await tx.query('delete from twolane_social.notifications where id = $1', [rows[0].id]);
  return undefined;
}

function identity({ recipientId, kind, objectId }: NotificationGroup): string[] {
  return [recipientId, kind, objectId];
}
