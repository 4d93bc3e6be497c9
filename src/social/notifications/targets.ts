/** Where users are reached outside of the app: their browsers, an e-mail address, a webhook. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import { nextId } from '../ids.ts';
import type { ClosedReason } from './gates.ts';
import type { ChannelName } from './types.ts';

/** The channels that need an address. */
export type OutsideChannel = Exclude<ChannelName, 'in-app'>;

export interface Target {
  id: string;
  channel: OutsideChannel;
  address: string;
  keys: Record<string, string>;
  confirmed: boolean;
  createdAt: Date;
}

export type NewTarget = Pick<Target, 'channel' | 'address' | 'keys' | 'confirmed'> & { userId: string };

/** Browsers of one user; the oldest makes room for a new one. */
const mostBrowsers = 20;

const columns = 'id::text, channel, address, keys, confirmed, created_at as "createdAt"';

export class TargetStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async of(userId: string, channel?: OutsideChannel): Promise<Target[]> {
    const { rows } = await this.#db(userId).query<Target>(
      `select ${columns} from twolane_social.notification_targets
       where user_id = $1 and ($2::text is null or channel = $2) order by id desc`,
      [userId, channel ?? null],
    );
    return rows;
  }

  /** Takes the place of the user's address of that channel; of a browser, of whoever had it. Answers its id. */
  async put(tx: Queryable, { userId, channel, address, keys, confirmed }: NewTarget): Promise<string> {
    const browser = channel === 'push';
    const { rows } = await tx.query<{ id: string }>(
      `insert into twolane_social.notification_targets as t (id, user_id, channel, address, destination, keys, confirmed)
       values ($1, $2, $3, $4, $5, $6, $7)
       on conflict ${browser ? "(address) where channel = 'push'" : "(user_id, channel) where channel <> 'push'"}
       do update set user_id = excluded.user_id, address = excluded.address, destination = excluded.destination,
         keys = excluded.keys, confirmed = excluded.confirmed
       returning id::text`,
      [await nextId(tx), userId, channel, address, destinationOf(channel, address), JSON.stringify(keys), confirmed],
    );
    if (browser) await this.#makeRoom(tx, userId);
    return (rows[0] as { id: string }).id;
  }

  /** False when there was none. */
  async remove(userId: string, by: { id: string } | { channel: OutsideChannel }): Promise<boolean> {
    const [condition, value] = 'id' in by ? ["channel = 'push' and id = $2", by.id] : ['channel = $2', by.channel];
    const { rowCount } = await this.#db(userId).query(
      `delete from twolane_social.notification_targets where user_id = $1 and ${condition}`,
      [userId, value],
    );
    return rowCount !== 0;
  }

  /** Nobody is there any more. */
  async removeDead(tx: Queryable, id: string): Promise<void> {
    await tx.query('delete from twolane_social.notification_targets where id = $1', [id]);
  }

  async #makeRoom(tx: Queryable, userId: string): Promise<void> {
    await tx.query(
      `delete from twolane_social.notification_targets where id in (
         select id from twolane_social.notification_targets where user_id = $1 and channel = 'push'
         order by id desc offset ${mostBrowsers})`,
      [userId],
    );
  }
}

/** Those of the channels that can't reach the user, and why. */
export function closedChannels(
  targets: readonly Pick<Target, 'channel' | 'confirmed'>[],
  configured: readonly OutsideChannel[],
): Partial<Record<OutsideChannel, ClosedReason>> {
  const reasons = (['push', 'email', 'webhook'] as const).map((channel) => {
    const own = targets.filter((target) => target.channel === channel);
    if (!configured.includes(channel)) return [channel, 'not_configured'];
    if (own.length === 0) return [channel, 'no_address'];
    return [channel, own.some(({ confirmed }) => confirmed) ? undefined : 'not_confirmed'];
  });
  return Object.fromEntries(reasons.filter(([, reason]) => reason !== undefined));
}

/** The server behind an address. All mail leaves by one server of ours. */
function destinationOf(channel: OutsideChannel, address: string): string {
  return channel === 'email' ? 'email' : `${channel}:${new URL(address).origin}`;
}
