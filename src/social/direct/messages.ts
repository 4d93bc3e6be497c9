/** The message store on PostgreSQL: one row per message, found by thread and number. */
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { Message, MessagePage, MessageStore } from '../../contract/message-store.ts';

type Row = Omit<Message, 'seq' | 'createdAt'> & { seq: string; createdAt: Date };

const columns = `m.id::text, m.thread_id::text as "threadId", m.seq, m.sender_id as "senderId", m.text, m.created_at as "createdAt"`;

export class PostgresMessageStore implements MessageStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async put(tx: Queryable, { threadId, seq, id, senderId, text, createdAt }: Message): Promise<void> {
    await tx.query(
      `insert into twolane_social.direct_messages (thread_id, seq, id, sender_id, text, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict (thread_id, seq)
       do update set id = excluded.id, sender_id = excluded.sender_id, text = excluded.text, created_at = excluded.created_at`,
      [threadId, seq, id, senderId, text, createdAt],
    );
  }

  async page(threadId: string, { through, limit }: MessagePage): Promise<Message[]> {
    const { rows } = await this.#db(threadId).query<Row>(
      `select ${columns} from twolane_social.direct_messages m
       where m.thread_id = $1 and m.seq <= $2 order by m.seq desc limit $3`,
      [threadId, through, limit],
    );
    return rows.map(toMessage);
  }

  async find(wanted: readonly Pick<Message, 'threadId' | 'seq'>[]): Promise<Message[]> {
    const [first] = wanted;
    if (!first) return [];
    const { rows } = await this.#db(first.threadId).query<Row>(
      `select ${columns} from unnest($1::bigint[], $2::bigint[]) as w(thread_id, seq)
       join twolane_social.direct_messages m on m.thread_id = w.thread_id and m.seq = w.seq`,
      [wanted.map(({ threadId }) => threadId), wanted.map(({ seq }) => seq)],
    );
    return rows.map(toMessage);
  }
}

function toMessage({ seq, createdAt, ...row }: Row): Message {
  return { ...row, seq: Number(seq), createdAt: createdAt.toISOString() };
}
