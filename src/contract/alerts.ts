/** Alerts: what counts as wrong, what is wrong, who is told. The port of the operators' pages and of the scheduler. */
import type { Page, PageRequest } from './page.ts';

/** What a kind of alert is about, as people read it, and its rule while nobody has written another. */
export interface AlertKindFacts {
  title: string;
  /** What the threshold counts; undefined for kinds without one. */
  unit?: string;
  threshold: number | null;
  /** How long it must last before anybody is told, seconds. */
  forS: number;
  /** The section of the runbook. */
  runbook: string;
}

export const alertKinds = {
  no_consumers: { title: 'Nobody consumes a queue', threshold: null, forS: 20, runbook: 'no_worker' },
  oldest_age: {
    title: 'The oldest job waits too long',
    unit: 'times the latency budget of its queue',
    threshold: 2,
    forS: 60,
    runbook: 'Old jobs',
  },
  budget_burn: {
    title: 'A latency budget burns',
    unit: 'times as many late starts as may be, over the last minute and hour',
    threshold: 2,
    forS: 60,
    runbook: 'Burning budgets',
  },
  failure_rate: {
    title: 'Attempts fail',
    unit: '% of the attempts of five minutes, if there were twenty',
    threshold: 20,
    forS: 0,
    runbook: 'Dead jobs',
  },
  dead_growth: {
    title: 'Dead letters grow',
    unit: 'more dead jobs in ten minutes',
    threshold: 20,
    forS: 0,
    runbook: 'Dead jobs',
  },
  schedule_missed: {
    title: 'A schedule was missed',
    unit: 's late',
    threshold: 60,
    forS: 0,
    runbook: 'A schedule was missed',
  },
  unknown_version: {
    title: 'Jobs wait for a newer release',
    threshold: null,
    forS: 120,
    runbook: 'unknown_version',
  },
  queue_overloaded: { title: 'A queue refuses new jobs', threshold: null, forS: 30, runbook: 'queue_overloaded' },
  ledger_full: { title: 'The ledger is full', threshold: null, forS: 0, runbook: 'ledger_full' },
} as const satisfies Record<string, AlertKindFacts>;

export type AlertKind = keyof typeof alertKinds;
export const factsOfAlert = (kind: AlertKind): AlertKindFacts => alertKinds[kind];
export const alertKindNames = Object.keys(alertKinds) as AlertKind[];

/** When something counts as wrong. */
export interface AlertRule {
  kind: AlertKind;
  /** A queue's path or a schedule's name; null: all that have no rule of their own. */
  target: string | null;
  threshold: number | null;
  forS: number;
  enabled: boolean;
  /** Who wrote it; null: it came with the release. */
  updatedBy: string | null;
}

/** Something that is wrong at this moment, by a rule. */
export interface Finding {
  kind: AlertKind;
  target: string;
  /** For a person, with numbers. */
  message: string;
  /** What was measured, in the unit of the threshold. */
  value: number | null;
}

/** Something that is wrong, or was. */
export interface Alert extends Finding {
  id: string;
  since: string;
  /** When it had lasted as long as its rule says; null until then. */
  firedAt: string | null;
  resolvedAt: string | null;
  acknowledged: { at: string; by: string } | null;
  /** A silence covers it: nobody is told. */
  silenced: boolean;
}

export interface AlertSilence {
  id: string;
  kind: AlertKind | null;
  target: string | null;
  reason: string;
  actor: string;
  until: string;
}

/** Where alerts are told. */
export interface AlertChannel {
  id: string;
  kind: 'webhook' | 'email' | 'push';
  /** `https:`, or `mailto:` with an address; of a browser its push service alone, since more would let others write to it. */
  url: string;
  /** Of browsers, so that each knows itself again: SHA-256 of the address that its push service gave it, hexadecimal. */
  browser: string | null;
  createdBy: string;
  okAt: string | null;
  error: string | null;
}

/** A browser in which somebody wants to hear of alerts, as `PushSubscription.toJSON()` gives it. */
export interface AlertBrowser {
  endpoint: string;
  keys: { p256dh: string; auth: string };
}

/** What operators ask of alerts and change about them. Throws TwolaneError `not_found` for unknown ids. */
export interface AlertBook {
  /** All that is wrong now, fired or not yet, the newest first. */
  open(): Promise<Alert[]>;
  /** What was wrong, the newest first. */
  past(page: PageRequest): Promise<Page<Alert>>;
  acknowledge(id: string, actor: string): Promise<void>;
  silences(): Promise<AlertSilence[]>;
  silence(wish: Omit<AlertSilence, 'id'>): Promise<AlertSilence>;
  endSilence(id: string): Promise<void>;
  rules(): Promise<AlertRule[]>;
  setRule(rule: Omit<AlertRule, 'updatedBy'>, actor: string): Promise<void>;
  /** Goes back to the rule that came with the release, or to the general one. */
  dropRule(kind: AlertKind, target: string | null): Promise<void>;
  channels(): Promise<AlertChannel[]>;
  /** Throws TwolaneError `url_refused`. The secret of a webhook is told here and never again; e-mail has none. */
  addChannel(url: string, actor: string): Promise<{ channel: AlertChannel; secret: string | null }>;
  /** What browsers subscribe with; undefined without Web Push. */
  pushKey: string | undefined;
  /** Tells alerts to a browser from now on, and that it does, at once; again changes nothing. Throws TwolaneError `url_refused`. */
  addBrowser(browser: AlertBrowser, actor: string): Promise<void>;
  /** Nothing when there is none of that address. */
  removeBrowser(endpoint: string): Promise<void>;
  removeChannel(id: string): Promise<void>;
  /** Sends a notice that says it is a test. */
  testChannel(id: string): Promise<void>;
}

/** The id of a chapter in its page's address: `Old jobs` is `old-jobs`. */
export function chapterId(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-|-$/g, '');
}
