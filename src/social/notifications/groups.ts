/** Keeps the groups of notifications in agreement with what is so: one unread row per (user, kind, object) with its actors. */
import type { Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';
import { type NotificationEvent, type NotificationGroup, stillSo } from './facts.ts';
import type { Standing } from './gates.ts';
import { typeOf } from './types.ts';

/** What an event, or the time, meant for a group. */
export interface Change {
  news: Standing['news'];
  /** Absent when there is none (any more). */
  notificationId: string | undefined;
  announcedAt: Date | undefined;
}

/** Actors whose deeds are looked at again before they are announced; of more than that the newest speak for all. */
const checkedAgain = 100;

/**
 * Makes the recipient's notification agree with what is so now: the actor is in it, once, or is not. Repeats change
 * nothing, and it doesn't matter whether a like or an unlike asked.
 */
export async function agree(tx: Queryable, event: NotificationEvent): Promise<Change> {
  const [fact] = await stillSo(tx, event, [event.actorId]);
  if (fact) return add(tx, event, fact.noun);
  const notificationId = await withdraw(tx, event, [event.actorId]);
  return { news: 'over', notificationId, announcedAt: undefined };
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

async function add(tx: Queryable, event: NotificationEvent, noun: string | null): Promise<Change> {
  const known = await tx.query<{ id: string }>(
    `select a.notification_id::text as id from twolane_social.notification_actors a
     where a.user_id = $1 and a.kind = $2 and a.object_id = $3 and a.actor_id = $4 and (not $5 or exists (
       select 1 from twolane_social.notifications n where n.id = a.notification_id and n.read_at is null))`,
    [...identity(event), event.actorId, typeOf(event.kind).repeats],
  );
  if (known.rows[0]) return { news: 'known', notificationId: known.rows[0].id, announcedAt: undefined };
  const rank = await nextId(tx);
  const { rows } = await tx.query<{ id: string; announcedAt: Date | null }>(
    `insert into twolane_social.notifications as n (id, user_id, kind, object_id, noun, actor_count, rank)
     values ($1, $2, $3, $4, $5, 1, $1)
     on conflict (user_id, kind, object_id) where read_at is null
     do update set actor_count = n.actor_count + 1, rank = greatest(n.rank, excluded.rank), created_at = now()
     returning id::text, announced_at as "announcedAt"`,
    [rank, ...identity(event), noun],
  );
  const group = rows[0] as { id: string; announcedAt: Date | null };
  await tx.query(
    `insert into twolane_social.notification_actors (user_id, kind, object_id, actor_id, notification_id, rank)
     values ($1, $2, $3, $4, $5, $6) on conflict (user_id, kind, object_id, actor_id)
     do update set notification_id = excluded.notification_id, rank = excluded.rank`,
    [...identity(event), event.actorId, group.id, rank],
  );
  return { news: 'new', notificationId: group.id, announcedAt: group.announcedAt ?? undefined };
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
