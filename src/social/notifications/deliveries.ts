/** Statements on deliveries: one announcement on its way to one address. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { Message } from './channels/channel.ts';
import type { DeliveryRecord } from './decisions.ts';
import type { OutsideChannel, Target } from './targets.ts';

/** All that sending one delivery needs. */
export interface Delivery {
  channel: OutsideChannel;
  message: Message;
  /** Seconds since the announcement. */
  ageS: number;
  /** Undefined when the user took the address away. */
  target: (Pick<Target, 'id' | 'address' | 'keys'> & { destination: string }) | undefined;
  /** Until when its destination wants nothing. */
  pausedUntil: Date | undefined;
}

type Row = Omit<Delivery, 'target' | 'pausedUntil'> & { target: Delivery['target'] | null; pausedUntil: Date | null };

export class DeliveryStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  /** Undefined when it is settled already. */
  async pending(id: string): Promise<Delivery | undefined> {
    const { rows } = await this.#db(id).query<Row>(
      `select d.channel, d.message, extract(epoch from now() - d.at)::float8 as "ageS",
         case when t.id is not null then json_build_object('id', t.id::text, 'address', t.address, 'keys', t.keys,
           'destination', t.destination) end as target,
         p.until as "pausedUntil"
       from twolane_social.notification_deliveries d
       left join twolane_social.notification_targets t on t.id = d.target_id and t.user_id = d.user_id and t.confirmed
       left join twolane_social.notification_pauses p on p.destination = t.destination and p.until > now()
       where d.id = $1 and d.state = 'pending'`,
      [id],
    );
    const [row] = rows;
    return row && { ...row, target: row.target ?? undefined, pausedUntil: row.pausedUntil ?? undefined };
  }

  async settle(tx: Queryable, id: string, state: DeliveryRecord['state'], detail: string | null = null): Promise<void> {
    await tx.query(
      `update twolane_social.notification_deliveries set state = $2, detail = $3, settled_at = now() where id = $1`,
      [id, state, detail],
    );
  }

  /** No further attempt is made. */
  async giveUp(id: string, detail: string): Promise<void> {
    await this.settle(this.#db(id), id, 'failed', detail);
  }

  /** Lets a destination rest for so many milliseconds from now; a longer break stays. Answers until when. */
  async pause(destination: string, ms: number): Promise<Date> {
    const { rows } = await this.#db(destination).query<{ until: Date }>(
      `insert into twolane_social.notification_pauses as p (destination, until) values ($1, now() + $2 * interval '1 ms')
       on conflict (destination) do update set until = greatest(p.until, excluded.until) returning until`,
      [destination, ms],
    );
    return (rows[0] as { until: Date }).until;
  }
}
