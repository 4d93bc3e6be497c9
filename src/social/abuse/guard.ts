/** Asks the velocity rules before a deed, writes down what they object to, and refuses what they block. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { Logger } from '../../contract/logger.ts';
import { holds } from '../../http/auth/access.ts';
import { Problem } from '../../http/problem.ts';
import type { Actor } from '../../http/route.ts';
import { networkOf } from './networks.ts';
import { type Deed, decide, ofAddresses, rulesFor, type Verdict } from './rules.ts';
import type { Velocity } from './velocity.ts';

export interface AbuseDecision {
  id: string;
  deed: Deed;
  rule: string;
  /** A user's id, or the network of a client. */
  subject: string;
  decision: 'review' | 'block';
  /** How often it was decided so within the rule's window. */
  times: number;
  firstAt: string;
  lastAt: string;
}

type Row = Omit<AbuseDecision, 'firstAt' | 'lastAt'> & { firstAt: Date; lastAt: Date };

/** Decisions that are older are forgotten, days. */
const keptDays = 90;

export class AbuseGuard {
  readonly #db: DatabaseFor;
  readonly #velocity: Velocity;
  readonly #logger: Logger;

  constructor(db: DatabaseFor, velocity: Velocity, logger: Logger) {
    this.#db = db;
    this.#velocity = velocity;
    this.#logger = logger;
  }

  /**
   * Counts a deed and lets it through or not. Keys with the scope `act` are the product's own servers and are not asked.
   * @param subject who is counted: a user, an account's name, or a client's address.
   * @param known whom a decision is written down under, where that is not the subject; null: nobody.
   * @throws Problem 429 `too_fast` with Retry-After.
   */
  async admit(deed: Deed, subject: string, actor: Actor, known?: string | null): Promise<void> {
    if (actor.kind === 'key' && holds(actor.scopes, 'act')) return;
    const { decision, rule } = await this.judge(deed, subject, Date.now(), known);
    if (decision !== 'block' || !rule) return;
    throw new Problem(429, 'too_fast', 'Too fast', 'That was too often in a short time; nothing was done. Try later.', {
      headers: { 'retry-after': String(Math.ceil(rule.windowMs / 1_000)) },
    });
  }

  /** The verdict over one more deed; what is not allowed is written down. While Redis is away everything is allowed. */
  async judge(deed: Deed, subject: string, now: number, known?: string | null): Promise<Verdict> {
    const asked = rulesFor(deed);
    const counts = await this.#velocity.count(asked, subject, now).catch((error) => {
      this.#logger.warn({ error, deed }, 'Deeds can not be counted; all are allowed');
      return [];
    });
    const verdict = decide(asked, counts);
    const written = ofAddresses.has(deed) ? networkOf(subject) : known === undefined ? subject : known;
    if (verdict.decision !== 'allow' && written !== null) await this.#write(deed, written, verdict, now);
    return verdict;
  }

  /** Begins the counts of a subject anew, as after the right password. */
  async absolve(deed: Deed, subject: string): Promise<void> {
    await this.#velocity.forget(rulesFor(deed), subject).catch((error) => {
      this.#logger.warn({ error, deed }, 'Counts of deeds can not be begun anew; they fade by themselves');
    });
  }

  /** The newest first. @param before the id of the last one of the page before. */
  async page({ limit, before }: { limit: number; before?: string }): Promise<AbuseDecision[]> {
    const { rows } = await this.#db('').query<Row>(
      `select id::text, deed, rule, subject, decision, times, first_at as "firstAt", last_at as "lastAt"
       from twolane_social.abuse_decisions where $1::bigint is null or id < $1 order by id desc limit $2`,
      [before ?? null, limit],
    );
    return rows.map((row) => ({ ...row, firstAt: row.firstAt.toISOString(), lastAt: row.lastAt.toISOString() }));
  }

  /** Forgets decisions of more than 90 days ago, at most `limit` of them. @returns how many. */
  async forgetOld(limit = 10_000): Promise<number> {
    const { rowCount } = await this.#db('').query(
      `delete from twolane_social.abuse_decisions where id in (
         select id from twolane_social.abuse_decisions where last_at < now() - make_interval(days => ${keptDays})
         order by last_at limit $1)`,
      [limit],
    );
    return rowCount ?? 0;
  }

  /** One row per rule, subject, decision and window: a flood of deeds is no flood of rows. */
  async #write(deed: Deed, subject: string, { decision, rule }: Verdict, now: number): Promise<void> {
    if (!rule) return;
    const slot = Math.floor(now / rule.windowMs);
    await this.#db(subject).query(
      `insert into twolane_social.abuse_decisions as d (deed, rule, subject, decision, slot) values ($1, $2, $3, $4, $5)
       on conflict (rule, subject, decision, slot) do update set times = d.times + 1, last_at = now()`,
      [deed, rule.name, subject, decision, slot],
    );
  }
}
