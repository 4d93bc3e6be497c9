/** The shapes of what the routes of notifications take and answer. */
import { z } from 'zod';
import type { DecisionRecord, DeliveryRecord, Why } from './decisions.ts';
import { isTimeZone } from './quiet-hours.ts';
import { type ChannelName, channelNames, type NotificationKind, notificationKinds } from './types.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00');

export const quietHours = z
  .strictObject({
    from: time,
    to: time.describe('Earlier than `from` when they last over midnight'),
    timeZone: z.string().max(64).refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin'),
  })
  .refine(({ from, to }) => from !== to, { path: ['to'], error: 'must differ from `from`' });

const switches = z.strictObject(
  Object.fromEntries(channelNames.map((name) => [name, z.boolean()])) as Record<ChannelName, z.ZodBoolean>,
);
const table = <S extends z.ZodType>(row: S) =>
  z.strictObject(Object.fromEntries(notificationKinds.map((kind) => [kind, row])) as Record<NotificationKind, S>);

const shared = {
  off: z.boolean().describe('Nothing but what is critical'),
  quietHours: quietHours
    .nullable()
    .describe('When nothing is announced, but what is critical; it is made up for after them'),
};

export const preferencesBody = z.strictObject({
  off: shared.off.default(false),
  quietHours: shared.quietHours.default(null),
  channels: table(switches.partial().optional())
    .default({} as never)
    .describe('Where you differ from the defaults of a kind'),
});

export const preferencesAnswer = z.object({
  ...shared,
  channels: table(switches).describe('On which channels you hear of each kind; what is critical is on always'),
  available: z.array(z.enum(channelNames)).describe('The channels that this installation has'),
});

const step = z.looseObject({
  gate: z.enum(['deduplicate', 'preference', 'quiet-hours', 'rate', 'aggregate', 'channel']),
  verdict: z.enum(['pass', 'drop', 'defer', 'merge']),
  reason: z
    .enum(['no_longer_so', 'nothing_new', 'everything_off', 'turned_off', 'no_channel'])
    .optional()
    .describe('Of a drop'),
  until: z.iso.datetime().optional().describe('Of a deferral or merge: when all gates are asked again'),
  channels: z.array(z.enum(channelNames)).optional().describe('Those that are left'),
  closed: z
    .partialRecord(z.enum(channelNames), z.enum(['not_configured', 'no_address', 'not_confirmed']))
    .optional()
    .describe('Those that were wanted and can not reach you'),
});

const decision = z.object({
  at: z.iso.datetime(),
  notificationId: z.string().nullable(),
  kind: z.enum(notificationKinds),
  objectId: z.string(),
  actorId: z
    .string()
    .nullable()
    .describe('Who caused it; null when the time had come for what was deferred or gathered'),
  outcome: z.enum(['send', 'drop', 'defer', 'merge']),
  steps: z.array(step).describe('What each gate said, in their order, up to the one that objected'),
});

const delivery = z.object({
  channel: z.enum(['push', 'email', 'webhook']),
  state: z.enum(['pending', 'sent', 'failed', 'gone', 'skipped', 'expired']),
  detail: z.string().nullable(),
  at: z.iso.datetime(),
  settledAt: z.iso.datetime().nullable(),
});

export const whyAnswer = z.object({
  decisions: z.array(decision).describe('The newest 100, the newest first'),
  deliveries: z.array(delivery).describe('The newest 100, the newest first'),
});

export function whyView({ decisions, deliveries }: Why) {
  return {
    decisions: decisions.map(({ at, ...shown }: DecisionRecord) => ({ at: at.toISOString(), ...shown })),
    deliveries: deliveries.map(({ at, settledAt, ...shown }: DeliveryRecord) => ({
      ...shown,
      at: at.toISOString(),
      settledAt: settledAt?.toISOString() ?? null,
    })),
  };
}
