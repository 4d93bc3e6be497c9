/** The sentence at the top of the overview: is anything wrong, what first, and where to look. Pure. */
import { allowedLate } from '../../../src/contract/budget.ts';
import type { QueueStatus } from '../../../src/contract/queue-status.ts';
import type { LaneName } from '../../../src/contract/words.ts';
import type { Overview } from '../../overview.ts';
import { count, counted, duration } from './format.ts';

export interface Verdict {
  tone: 'good' | 'warn' | 'bad';
  text: string;
  /** A link below the dashboard to what needs attention. */
  href?: string;
}

export const laneTitles: Readonly<Record<LaneName, string>> = { realtime: 'Real-time', bulk: 'Bulk' };

/** Rules in the order of their weight; the first that has something to say is the verdict. */
const rules: readonly ((overview: Overview) => Verdict | undefined)[] = [
  unread,
  laneDown,
  nobodySchedules,
  late,
  unaccounted,
  stuck,
  held,
  dead,
];

export function verdictOf(overview: Overview): Verdict {
  for (const rule of rules) {
    const verdict = rule(overview);
    if (verdict) return verdict;
  }
  const jobs = sum(overview.queues, ({ counts }) => counts.waiting + counts.queued + counts.running);
  return {
    tone: 'good',
    text: jobs === 0 ? 'All is well: nothing waits' : `All is well: both lanes keep up with ${counted(jobs, 'job')}`,
  };
}

/** What is wrong with one queue; undefined when nothing is. */
export function worryOf(queue: QueueStatus): string | undefined {
  if (queue.paused) return undefined;
  const waiting = waitingIn(queue);
  if (waiting > 0 && queue.workers === 0)
    return `nobody works on ${queue.queue}, ${counted(waiting, 'job waits', 'jobs wait')}`;
  const { budgetMs, oldestMs, burn1m } = queue;
  if (budgetMs === null) return undefined;
  if (oldestMs !== null && oldestMs > budgetMs)
    return `${queue.queue} has waited ${duration(oldestMs)}, its budget is ${duration(budgetMs)}`;
  if (burn1m === null || burn1m < 1) return undefined;
  return `${queue.queue} starts ${Math.round(burn1m * allowedLate * 100)} % of its jobs later than ${duration(budgetMs)}`;
}

export function waitingIn({ counts }: QueueStatus): number {
  return counts.waiting + counts.queued;
}

function unread({ errors }: Overview): Verdict | undefined {
  const [first] = errors;
  return first === undefined ? undefined : { tone: 'bad', text: `Not everything could be read. ${first}` };
}

function laneDown({ lanes }: Overview): Verdict | undefined {
  const down = lanes.filter(({ up }) => !up);
  const [first] = down;
  if (!first) return undefined;
  const name = down.length > 1 ? 'Both lanes are down' : `The ${laneTitles[first.name].toLowerCase()} lane is down`;
  return {
    tone: 'bad',
    text: `${name}${first.detail ? `: ${first.detail}` : ''}. Jobs wait in the ledger; none is lost`,
  };
}

/** Nothing that time does happens, and nobody is told of it either. */
function nobodySchedules({ alarms }: Overview): Verdict | undefined {
  const alarm = alarms.find(({ code }) => code === 'no_scheduler');
  return alarm && { tone: 'bad', text: alarm.message, href: 'runbook#no_scheduler' };
}

/** A process that is there and takes nothing. */
function late({ workers }: Overview): Verdict | undefined {
  for (const { host, pid, queues } of workers) {
    const queue = queues.find((one) => one.late !== null);
    if (queue) return { tone: 'bad', text: `${host}:${pid} consumes nothing from ${queue.queue}: ${queue.late}` };
  }
  return undefined;
}

function unaccounted({ books }: Overview): Verdict | undefined {
  const missing = books?.unaccounted ?? 0;
  if (missing === 0) return undefined;
  const what = missing > 0 ? 'unaccounted for' : 'counted twice';
  return { tone: 'bad', text: `${counted(Math.abs(missing), 'job is', 'jobs are')} ${what}: this is a defect` };
}

function stuck({ queues }: Overview): Verdict | undefined {
  const worries = queues.flatMap((queue) => {
    const worry = worryOf(queue);
    return worry === undefined ? [] : [{ queue, worry }];
  });
  worries.sort((a, b) => (b.queue.oldestMs ?? 0) - (a.queue.oldestMs ?? 0));
  const [first] = worries;
  if (!first) return undefined;
  const lead = worries.length === 1 ? 'One queue needs you' : `${count(worries.length)} queues need you`;
  return { tone: 'bad', text: `${lead}: ${first.worry}`, href: queueHref(first.queue) };
}

function held({ queues }: Overview): Verdict | undefined {
  const waiting = queues.filter((queue) => queue.paused && waitingIn(queue) > 0);
  const [first] = waiting;
  if (!first) return undefined;
  const jobs = counted(sum(waiting, waitingIn), 'job waits', 'jobs wait');
  const names = waiting.length === 1 ? `${first.queue} is paused` : `${count(waiting.length)} queues are paused`;
  return { tone: 'warn', text: `${names} and ${jobs}`, href: queueHref(first) };
}

function dead({ queues }: Overview): Verdict | undefined {
  const jobs = sum(queues, ({ counts }) => counts.dead);
  if (jobs === 0) return undefined;
  return {
    tone: 'warn',
    text: `Both lanes keep up; ${counted(jobs, 'dead job wants', 'dead jobs want')} a decision`,
    href: 'dead',
  };
}

function queueHref({ lane, queue }: QueueStatus): string {
  return `jobs?lane=${lane}&queue=${encodeURIComponent(queue)}`;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
