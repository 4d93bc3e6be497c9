/** A user's e-mail address is written to once it is proved to be his: by a code that was sent there. */
import { createHash, randomInt } from 'node:crypto';
import { confirmAddress } from '../../../jobs/realtime/confirm-address.job.ts';
import type { DatabaseFor } from '../../contract/database.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import { codeSentAlready } from '../problems.ts';
import type { Mailer } from './channels/email.ts';
import { confirmationMail } from './channels/email-template.ts';
import type { TargetStore } from './targets.ts';
import { newMailKeys } from './unsubscribing.ts';

export interface AddressParts {
  db: DatabaseFor;
  targets: TargetStore;
  enqueuer: Enqueuer;
  /** Undefined where the installation sends no mail. */
  mailer: Mailer | undefined;
}

/** One mail with a code in so many milliseconds: nobody's mailbox is flooded through us. */
const mailEveryMs = 60_000;
/** How often a wrong code may be tried. */
const mostTries = 5;

export class Addresses {
  readonly #parts: AddressParts;

  constructor(parts: AddressParts) {
    this.#parts = parts;
  }

  /**
   * Takes an address in place of an earlier one. Unless somebody vouches for it a code is sent there first.
   * @throws Problem 429 `code_sent_already`, with nothing written, when the last code is less than a minute old.
   */
  async put(userId: string, address: string, vouched: boolean): Promise<void> {
    const { targets, enqueuer } = this.#parts;
    const [known] = await targets.of(userId, 'email');
    if (known?.confirmed && known.address === address) return;
    await enqueuer.transaction(async (tx, enqueue) => {
      await targets.put(tx, {
        userId,
        channel: 'email',
        address,
        keys: vouched ? newMailKeys() : {},
        confirmed: vouched,
      });
      if (vouched) return;
      const { deduplicated } = await enqueue(
        confirmAddress,
        { userId },
        { throttle: { key: userId, ms: mailEveryMs } },
      );
      if (deduplicated) throw codeSentAlready(mailEveryMs);
    });
  }

  /** Sends a new code to an address that waits for one; earlier codes are void. */
  async sendCode(userId: string): Promise<void> {
    const { db, targets, mailer } = this.#parts;
    const [target] = await targets.of(userId, 'email');
    if (!target || target.confirmed || !mailer) return;
    const code = String(randomInt(1_000_000)).padStart(6, '0');
    await db(userId).query(
      `update twolane_social.notification_targets
       set keys = jsonb_build_object('digest', $2::text, 'expiresAt', now() + interval '1 hour', 'tries', 0)
       where id = $1 and not confirmed`,
      [target.id, digestOf(target.id, code)],
    );
    await mailer.mail({ ...confirmationMail(code), id: `code-${target.id}`, to: target.address });
  }

  /** False for a code that is wrong, older than an hour, or was tried too often. */
  async confirm(userId: string, code: string): Promise<boolean> {
    const { db, targets } = this.#parts;
    const [target] = await targets.of(userId, 'email');
    if (!target || target.confirmed) return target?.confirmed === true;
    // Each try is counted before it is looked at, so that many at once are no more than one after another.
    const { rows } = await db(userId).query<{ digest: string }>(
      `update twolane_social.notification_targets
       set keys = jsonb_set(keys, '{tries}', to_jsonb((keys ->> 'tries')::int + 1))
       where id = $1 and not confirmed and (keys ->> 'tries')::int < ${mostTries} and (keys ->> 'expiresAt')::timestamptz > now()
       returning keys ->> 'digest' as digest`,
      [target.id],
    );
    if (rows[0]?.digest !== digestOf(target.id, code)) return false;
    const { rowCount } = await db(userId).query(
      `update twolane_social.notification_targets set confirmed = true, keys = $3 where id = $1 and address = $2`,
      [target.id, target.address, newMailKeys()],
    );
    return rowCount === 1;
  }
}

function digestOf(targetId: string, code: string): string {
  return createHash('sha256').update(`${targetId}:${code}`).digest('hex');
}
