/** What the gates must know of the recipient, read in one go inside the transaction that decides. */
import type { Queryable } from '../../contract/database.ts';
import type { NotificationGroup } from './facts.ts';
import { defaultPreferences, type Preferences } from './preferences.ts';
import type { OutsideChannel } from './targets.ts';
import { classes, typeOf } from './types.ts';

export interface Situation {
  /** By the database's clock, as everything else that waits. */
  now: Date;
  preferences: Preferences;
  /** Of the newest announcements that the rate allows at once, when the oldest was made. */
  rateSince: Date | undefined;
  targets: { id: string; channel: OutsideChannel; confirmed: boolean }[];
}

export async function situationOf(tx: Queryable, { kind, recipientId }: NotificationGroup): Promise<Situation> {
  const type = typeOf(kind);
  const { rate } = classes[type.class];
  const { rows } = await tx.query<{
    now: Date;
    settings: Partial<Preferences> | null;
    rateSince: Date | null;
    targets: Situation['targets'] | null;
  }>(
    `select clock_timestamp() as now,
       (select settings from twolane_social.notification_preferences where user_id = $1) as settings,
       (select at from twolane_social.announcements where user_id = $1 and class = $2
        order by seq desc offset $3 limit 1) as "rateSince",
       (select json_agg(json_build_object('id', id::text, 'channel', channel, 'confirmed', confirmed) order by id)
        from twolane_social.notification_targets where user_id = $1) as targets`,
    [recipientId, type.class, (rate?.count ?? 1) - 1],
  );
  const { now, settings, rateSince, targets } = rows[0] as (typeof rows)[number];
  return {
    now,
    preferences: { ...defaultPreferences, ...settings },
    rateSince: rateSince ?? undefined,
    targets: targets ?? [],
  };
}
