/** What streams of notifications are fed from: the announcements that are for the app. */
import type { DatabaseFor } from '../../contract/database.ts';
import { readersBehind, readersTable, rowsByReader } from '../streams/places.ts';
import type { Place, StreamSource, UserEvent } from '../streams/user-streams.ts';
import type { NotificationStore } from './store.ts';

interface Row {
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
    const found = await rowsByReader<Row>(
      this.#db,
      places,
      `select w.place, a.seq, a.in_app as "inApp", a.notification_id::text as id, a.kind, a.object_id as "objectId",
         a.count, a.text, a.at
       from ${readersTable}
       cross join lateral (select * from twolane_social.announcements x
         where x.user_id = w.user_id and x.seq > w.after order by x.seq limit ${this.perRead}) a
       order by w.place, a.seq`,
    );
    return found.map((rows) => rows.map(toEvent));
  }

  behind(places: readonly Place[]): Promise<number[]> {
    return readersBehind(this.#db, places, 'twolane_social.announcement_counts');
  }
}

function toEvent({ seq, inApp, id, kind, objectId, count, text, at }: Row): UserEvent {
  const data = { id, kind, objectId, count, text, createdAt: at.toISOString() };
  return { seq: Number(seq), event: inApp ? 'notification' : undefined, data };
}
