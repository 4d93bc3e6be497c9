/** Every type of notification, as data: how it is said, where it goes unless its user says otherwise, how it is gathered. */

/** `in-app` is the list and its event stream; the others reach people who are elsewhere. */
export const channelNames = ['in-app', 'push', 'email', 'webhook'] as const;
export type ChannelName = (typeof channelNames)[number];

/** What a class may do: `breaks` through quiet hours and what was turned off; announcements of it per user in a time. */
export const classes = {
  critical: { breaks: true, rate: undefined },
  direct: { breaks: false, rate: { count: 60, perMs: 60 * 60_000 } },
  social: { breaks: false, rate: { count: 30, perMs: 60 * 60_000 } },
} as const satisfies Record<string, NotificationClass>;

export interface NotificationClass {
  breaks: boolean;
  rate: { count: number; perMs: number } | undefined;
}

export interface NotificationType {
  class: keyof typeof classes;
  /** The channels that are on by default. */
  channels: readonly ChannelName[];
  /** Milliseconds after an announcement in which further actors are gathered for one update. 0: each is told at once. */
  windowMs: number;
  /** Whether the same actor may cause it again about the same object once the last one was read. */
  repeats: boolean;
  /** @param who the actors in words. @param noun what the object is called: photo, video, post. */
  sentence(who: string, noun: string): string;
}

const fiveMinutes = 5 * 60_000;

export const notificationTypes = {
  like: {
    class: 'social',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: fiveMinutes,
    repeats: false,
    sentence: (who, noun) => `${who} liked your ${noun}`,
  },
  comment: {
    class: 'social',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: fiveMinutes,
    repeats: false,
    sentence: (who, noun) => `${who} commented on your ${noun}`,
  },
  mention: {
    class: 'direct',
    channels: ['in-app', 'push', 'email', 'webhook'],
    windowMs: 0,
    repeats: true,
    sentence: (who) => `${who} mentioned you in a comment`,
  },
  follow: {
    class: 'social',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: fiveMinutes,
    repeats: false,
    sentence: (who) => `${who} started following you`,
  },
  'follow-request': {
    class: 'social',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: fiveMinutes,
    repeats: true,
    sentence: (who) => `${who} asked to follow you`,
  },
  'follow-accepted': {
    class: 'social',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: fiveMinutes,
    repeats: true,
    sentence: (who) => `${who} let you follow them`,
  },
  message: {
    class: 'direct',
    channels: ['in-app', 'push', 'webhook'],
    windowMs: 0,
    repeats: true,
    sentence: (who) => `${who} sent you a message`,
  },
  'logged-out': {
    class: 'critical',
    channels: ['in-app', 'push', 'email', 'webhook'],
    windowMs: 0,
    repeats: true,
    sentence: () => 'You were logged out everywhere. If that was not you, change your password',
  },
} as const satisfies Record<string, NotificationType>;

export type NotificationKind = keyof typeof notificationTypes;
export const notificationKinds = Object.keys(notificationTypes) as [NotificationKind, ...NotificationKind[]];

export function typeOf(kind: NotificationKind): NotificationType {
  return notificationTypes[kind];
}
