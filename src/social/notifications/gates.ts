/**
 * The gates between an event and its announcement: pure functions in a row, the first objection counts. What each of them said
 * is kept, so that anybody can ask why he was told, or was not.
 */
import { type Preferences, wanted } from './preferences.ts';
import { quietUntil } from './quiet-hours.ts';
import { type ChannelName, channelNames, classes, type NotificationKind, typeOf } from './types.ts';

/** All that the gates look at. */
export interface Standing {
  kind: NotificationKind;
  now: Date;
  /** What the event means for the list: somebody new, somebody known already, or something that is not so (any more). */
  news: 'new' | 'known' | 'over';
  preferences: Preferences;
  /** Of the announcements that the rate allows in its time, when the oldest was made; undefined while there are fewer. */
  rateSince: Date | undefined;
  /** When this notification was announced last. */
  announcedAt: Date | undefined;
  /** Why a channel can't reach the user; those that can are not in it. */
  closed: Partial<Record<ChannelName, ClosedReason>>;
}

/** This installation has no such channel · the user gave no address · the address waits for its code. */
export type ClosedReason = 'not_configured' | 'no_address' | 'not_confirmed';
export type DropReason = 'no_longer_so' | 'nothing_new' | 'everything_off' | 'turned_off' | 'no_channel';

/**
 * `defer` and `merge`: not before `until`, when all gates are asked again; a merge joins what is gathered for one update.
 */
export type Verdict =
  | { verdict: 'pass'; channels?: ChannelName[]; closed?: Standing['closed'] }
  | { verdict: 'drop'; reason: DropReason }
  | { verdict: 'defer' | 'merge'; until: Date };

export type GateName = (typeof gates)[number]['name'];
export type Step = { gate: GateName } & Verdict;

/** What all gates together say; `channels` is empty unless the outcome is `send`. */
export interface Decision {
  outcome: 'send' | 'drop' | 'defer' | 'merge';
  until?: Date;
  channels: ChannelName[];
  steps: Step[];
}

type Gate = (standing: Standing, channels: readonly ChannelName[]) => Verdict;

const pass: Verdict = { verdict: 'pass' };

const deduplicate: Gate = ({ news }) => {
  if (news === 'new') return pass;
  return { verdict: 'drop', reason: news === 'known' ? 'nothing_new' : 'no_longer_so' };
};

const preference: Gate = ({ kind, preferences }) => {
  const channels = wanted(kind, preferences);
  if (channels.length > 0) return { verdict: 'pass', channels };
  return { verdict: 'drop', reason: preferences.off ? 'everything_off' : 'turned_off' };
};

const quietHours: Gate = ({ kind, now, preferences }) => {
  if (!preferences.quietHours || classOf(kind).breaks) return pass;
  const until = quietUntil(now, preferences.quietHours);
  return until ? { verdict: 'defer', until } : pass;
};

const rate: Gate = ({ kind, now, rateSince }) => {
  const limit = classOf(kind).rate;
  if (!limit || !rateSince) return pass;
  const until = new Date(rateSince.getTime() + limit.perMs);
  return until > now ? { verdict: 'defer', until } : pass;
};

const aggregate: Gate = ({ kind, now, announcedAt }) => {
  if (!announcedAt) return pass;
  const until = new Date(announcedAt.getTime() + typeOf(kind).windowMs);
  return until > now ? { verdict: 'merge', until } : pass;
};

const channel: Gate = ({ closed }, wants) => {
  const channels = wants.filter((name) => closed[name] === undefined);
  if (channels.length === 0) return { verdict: 'drop', reason: 'no_channel' };
  const shut = Object.fromEntries(wants.flatMap((name) => (closed[name] ? [[name, closed[name]]] : [])));
  return { verdict: 'pass', channels, closed: shut };
};

export const gates = [
  { name: 'deduplicate', gate: deduplicate },
  { name: 'preference', gate: preference },
  { name: 'quiet-hours', gate: quietHours },
  { name: 'rate', gate: rate },
  { name: 'aggregate', gate: aggregate },
  { name: 'channel', gate: channel },
] as const satisfies readonly { name: string; gate: Gate }[];

export function decide(standing: Standing): Decision {
  const steps: Step[] = [];
  let channels: ChannelName[] = [...channelNames];
  for (const { name, gate } of gates) {
    const said = gate(standing, channels);
    steps.push({ gate: name, ...said });
    if (said.verdict === 'drop') return { outcome: 'drop', channels: [], steps };
    if (said.verdict !== 'pass') return { outcome: said.verdict, until: said.until, channels: [], steps };
    channels = said.channels ?? channels;
  }
  return { outcome: 'send', channels, steps };
}

function classOf(kind: NotificationKind) {
  return classes[typeOf(kind).class];
}
