/** Receipts: how far a member's screens and eyes have come in a thread; those whose messages are concerned are told. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { Wakes } from '../streams/wakes.ts';

export interface Seen {
  threadId: string;
  userId: string;
  seq: number;
}

export class ReceiptStore {
  readonly #db: DatabaseFor;
  readonly #wakes: Wakes;

  constructor(db: DatabaseFor, wakes: Wakes) {
    this.#db = db;
    this.#wakes = wakes;
  }

  /** Messages through `seq` were written to a stream of the member. Repeats and lower numbers change nothing. */
  async delivered(seen: readonly Seen[]): Promise<void> {
    if (seen.length > 0) await this.#mark('delivered', seen);
  }

  /** The member has read through `seq`; the notification of the thread is over with it. */
  async read(seen: Seen): Promise<void> {
    await this.#mark('read', [seen]);
    await this.#db(seen.threadId).query(
      `update twolane_social.notifications set read_at = now()
       where user_id = $1 and kind = 'message' and object_id = $2 and read_at is null`,
      [seen.userId, seen.threadId],
    );
  }

  async #mark(what: 'delivered' | 'read', seen: readonly Seen[]): Promise<void> {
    const db = this.#db((seen[0] as Seen).threadId);
    const { rows } = await db.query<{ user: string }>('select twolane_social.mark_seen($1, $2, $3, $4) as user', [
      what,
      seen.map(({ threadId }) => threadId),
      seen.map(({ userId }) => userId),
      seen.map(({ seq }) => seq),
    ]);
    await this.#wakes.wake(rows.map(({ user }) => user));
  }
}
