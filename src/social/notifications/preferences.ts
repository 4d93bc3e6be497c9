/** What a user wants to hear of, where, and when not. Pure but for its store. */
import type { DatabaseFor } from '../../contract/database.ts';
import type { QuietHours } from './quiet-hours.ts';
import { type ChannelName, channelNames, classes, type NotificationKind, notificationKinds, typeOf } from './types.ts';

export interface Preferences {
  /** Nothing but what is critical. */
  off: boolean;
  quietHours: QuietHours | null;
  /** Where the user differs from the defaults of a type. */
  channels: Partial<Record<NotificationKind, Partial<Record<ChannelName, boolean>>>>;
}

export const defaultPreferences: Preferences = { off: false, quietHours: null, channels: {} };

/** The channels on which a user hears of a kind. What is critical goes to those of its type, whatever was turned off. */
export function wanted(kind: NotificationKind, { off, channels }: Preferences): ChannelName[] {
  const type = typeOf(kind);
  const { breaks } = classes[type.class];
  if (off && !breaks) return [];
  return channelNames.filter((name) => {
    const byDefault = type.channels.includes(name);
    return (breaks && byDefault) || (channels[kind]?.[name] ?? byDefault);
  });
}

/** Every kind with every channel, as it holds when nothing is off. */
export function matrix({ channels }: Preferences): Record<NotificationKind, Record<ChannelName, boolean>> {
  const rows = notificationKinds.map((kind) => {
    const on = wanted(kind, { off: false, quietHours: null, channels });
    return [kind, Object.fromEntries(channelNames.map((name) => [name, on.includes(name)]))];
  });
  return Object.fromEntries(rows);
}

export class PreferenceStore {
  readonly #db: DatabaseFor;

  constructor(db: DatabaseFor) {
    this.#db = db;
  }

  async of(userId: string): Promise<Preferences> {
    const { rows } = await this.#db(userId).query<{ settings: Preferences }>(
      'select settings from twolane_social.notification_preferences where user_id = $1',
      [userId],
    );
    return { ...defaultPreferences, ...rows[0]?.settings };
  }

  /** Turns a kind off on one channel and leaves everything else as it is. */
  async turnOff(userId: string, kind: NotificationKind, channel: ChannelName): Promise<void> {
    const off = JSON.stringify({ [channel]: false });
    await this.#db(userId).query(
      `insert into twolane_social.notification_preferences as p (user_id, settings)
       values ($1, jsonb_build_object('channels', jsonb_build_object($2::text, $3::jsonb)))
       on conflict (user_id) do update set settings = p.settings || jsonb_build_object('channels',
         coalesce(p.settings -> 'channels', '{}') || jsonb_build_object($2::text,
           coalesce(p.settings -> 'channels' -> $2, '{}') || $3::jsonb))`,
      [userId, kind, off],
    );
  }

  async replace(userId: string, preferences: Preferences): Promise<void> {
    await this.#db(userId).query(
      `insert into twolane_social.notification_preferences (user_id, settings) values ($1, $2)
       on conflict (user_id) do update set settings = excluded.settings`,
      [userId, JSON.stringify(preferences)],
    );
  }
}
