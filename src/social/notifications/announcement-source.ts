/** What streams of notifications are fed from: the announcements that are for the app. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { Place, StreamSource, UserEvent } from '../streams/user-streams.ts';
import type { NotificationStore } from './store.ts';

interface Row {
  place: string;
  seq: string;
  inApp: boolean;
  id: string;
  kind: string;
  objectId: string;
  count: number;
  text: string;
  at: Date;
}

export class AnnouncementSource implements StreamSource<UserEvent> {
  readonly perRead = 100;
  readonly #db: DatabaseFor;
  readonly #list: NotificationStore;

  constructor(db: DatabaseFor, list: NotificationStore) {
    this.#db = db;
    this.#list = list;
  }

  async standing(userId: string) {
    const { rows } = await this.#db(userId).query<{ lastSeq: string }>(
      'select last_seq as "lastSeq" from twolane_social.announcement_counts where user_id = $1',
      [userId],
    );
    return { lastSeq: Number(rows[0]?.lastSeq ?? 0), greeting: { unreadCount: await this.#list.unreadCount(userId) } };
  }

  async after(places: readonly Place[]): Promise<UserEvent[][]> {
    const found: UserEvent[][] = places.map(() => []);
    const [first] = places;
    if (!first) return found;
    const { rows } = await this.#db(first.userId).query<Row>(
      `select w.place, a.seq, a.in_app as "inApp", a.notification_id::text as id, a.kind, a.object_id as "objectId",
         a.count, a.text, a.at
       from unnest($1::text[], $2::bigint[]) with ordinality as w(user_id, after, place)
       cross join lateral (select * from twolane_social.announcements x
         where x.user_id = w.user_id and x.seq > w.after order by x.seq limit ${this.perRead}) a
       order by w.place, a.seq`,
      [places.map(({ userId }) => userId), places.map(({ after }) => after)],
    );
    for (const { place, seq, inApp, at, ...shown } of rows) {
      const data = { ...shown, createdAt: at.toISOString() };
      found[Number(place) - 1]?.push({ seq: Number(seq), event: inApp ? 'notification' : undefined, data });
    }
    return found;
  }

  async behind(places: readonly Place[]): Promise<number[]> {
    const [first] = places;
    if (!first) return [];
    const { rows } = await this.#db(first.userId).query<{ place: string }>(
      `select w.place from unnest($1::text[], $2::bigint[]) with ordinality as w(user_id, after, place)
       join twolane_social.announcement_counts c on c.user_id = w.user_id where c.last_seq > w.after`,
      [places.map(({ userId }) => userId), places.map(({ after }) => after)],
    );
    return rows.map(({ place }) => Number(place) - 1);
  }
}
