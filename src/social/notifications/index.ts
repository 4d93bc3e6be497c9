/** Notifications, put together: what its routes and handlers work with. */
import type { Redis } from 'ioredis';
import type { DatabaseFor } from '../../contract/database.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import type { Logger } from '../../contract/logger.ts';
import type { Outgoing } from '../../contract/outgoing.ts';
import type { EventOutbox } from '../../contract/webhooks.ts';
import type { UserStore } from '../stores/users.ts';
import { UserStreams } from '../streams/user-streams.ts';
import { Wakes } from '../streams/wakes.ts';
import { Addresses } from './addresses.ts';
import { AnnouncementSource } from './announcement-source.ts';
import { Announcements } from './announcements.ts';
import { Announcing, type HeardEvent } from './announcing.ts';
import { blame } from './blame.ts';
import type { Channel } from './channels/channel.ts';
import { emailChannel, type MailSettings } from './channels/email.ts';
import { type PushSettings, pushChannel } from './channels/push.ts';
import { webhookChannel } from './channels/webhook.ts';
import { DecisionStore } from './decisions.ts';
import { DeliveryStore } from './deliveries.ts';
import { Delivering } from './delivering.ts';
import { PreferenceStore } from './preferences.ts';
import { NotificationStore } from './store.ts';
import { TargetStore } from './targets.ts';
import { Tidying } from './tidying.ts';
import { Unsubscribing } from './unsubscribing.ts';

/** The channels that an installation has beside the app and webhooks. */
export interface NotificationSettings {
  push?: PushSettings | undefined;
  mail?: MailSettings | undefined;
}

export interface NotificationParts {
  db: DatabaseFor;
  redis: Redis;
  prefix: string;
  enqueuer: Enqueuer;
  followUps: Enqueuer;
  users: UserStore;
  events: EventOutbox;
  outgoing: Outgoing;
  settings: NotificationSettings;
  logger: Logger;
}

export type NotificationServices = ReturnType<typeof notificationServices>;

export function notificationServices(parts: NotificationParts) {
  const { db, redis, prefix, enqueuer, followUps, outgoing, settings, logger } = parts;
  const list = new NotificationStore(db);
  const decisions = new DecisionStore(db);
  const announcements = new Announcements({ list, users: parts.users, events: parts.events });
  const targets = new TargetStore(db);
  const preferences = new PreferenceStore(db);
  const wakes = new Wakes(redis, `${prefix}:notifications:`, logger);
  const mailer = settings.mail && emailChannel(settings.mail);
  const push = settings.push && pushChannel(settings.push, outgoing);
  const channels: readonly Channel[] = [push, mailer, webhookChannel(outgoing)].filter(
    (channel) => channel !== undefined,
  );
  const streams = new UserStreams({ source: new AnnouncementSource(db, list), wakes, logger });
  const configured = channels.map(({ name }) => name);
  const announcing = new Announcing({ list, decisions, announcements, followUps, wakes, configured });
  return {
    list,
    decisions,
    targets,
    preferences,
    unsubscribing: new Unsubscribing(db, preferences),
    addresses: new Addresses({ db, targets, enqueuer, mailer }),
    announcing,
    blame: (events: readonly HeardEvent[]) => blame(events, { announcing, db }),
    delivering: new Delivering({ deliveries: new DeliveryStore(db), targets, channels, followUps }),
    tidying: new Tidying(db),
    streams,
    configured,
    /** What a browser subscribes with; undefined without Web Push. */
    pushKey: settings.push?.publicKey,
    /** @throws TwolaneError `url_refused` for a URL that nothing is sent to. */
    checkUrl: (url: string) => outgoing.check(url, ['https:']),
    async close() {
      streams.close();
      for (const channel of channels) channel.close?.();
      await wakes.close();
    },
  };
}
