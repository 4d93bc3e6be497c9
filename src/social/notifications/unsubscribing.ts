/** Turning off mails from the mail itself, by one click (RFC 8058): a link that is signed for one address and one kind. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DatabaseFor } from '../../contract/database.ts';
import { isId } from '../../contract/words.ts';
import type { PreferenceStore } from './preferences.ts';
import type { Target } from './targets.ts';
import { classes, type NotificationKind, notificationKinds, typeOf } from './types.ts';

/** What an e-mail address keeps from the moment on in which it is confirmed: what its links are signed with. */
export const newMailKeys = (): Target['keys'] => ({ unsubscribe: randomBytes(16).toString('base64url') });

/** The end of a link; undefined for what can't be turned off. */
export function unsubscribeToken(
  { id, keys }: Pick<Target, 'id' | 'keys'>,
  kind: NotificationKind,
): string | undefined {
  const secret = keys.unsubscribe;
  if (!secret || classes[typeOf(kind).class].breaks) return undefined;
  return [id, kind, createHmac('sha256', secret).update(`${id} ${kind}`).digest('base64url')].join('.');
}

export class Unsubscribing {
  readonly #db: DatabaseFor;
  readonly #preferences: PreferenceStore;

  constructor(db: DatabaseFor, preferences: PreferenceStore) {
    this.#db = db;
    this.#preferences = preferences;
  }

  /** Sends no more mails of the kind that the link is for; false for a link that is not ours, or whose address is gone. */
  async end(token: string): Promise<boolean> {
    const found = await this.#find(token);
    if (found) await this.#preferences.turnOff(found.userId, found.kind, 'email');
    return found !== undefined;
  }

  async #find(token: string): Promise<{ userId: string; kind: NotificationKind } | undefined> {
    const [id = '', named] = token.split('.');
    const kind = notificationKinds.find((known) => known === named);
    if (!isId(id) || !kind) return undefined;
    const { rows } = await this.#db(id).query<Pick<Target, 'id' | 'keys'> & { userId: string }>(
      `select id::text, keys, user_id as "userId" from twolane_social.notification_targets
       where id = $1 and channel = 'email' and confirmed`,
      [id],
    );
    const [target] = rows;
    const right = target && unsubscribeToken(target, kind);
    return right && same(right, token) ? { userId: target.userId, kind } : undefined;
  }
}

function same(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
