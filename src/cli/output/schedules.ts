/** How schedules look: as a table, and one in full. */
import type { components } from '../../client/index.ts';
import type { Terminal } from '../terminal.ts';
import { pretty } from './print.ts';
import { stateIn, styleOf } from './style.ts';
import { type Column, factsOf } from './table.ts';
import { ago, duration, moment } from './time.ts';

export type Schedule = components['schemas']['Schedule'];

export const scheduleColumns: readonly Column<Schedule>[] = [
  { title: 'NAME', of: ({ name }) => name, least: 12 },
  { title: 'STATE', of: ({ state }) => state, style: (text, style) => stateIn(style, text) },
  { title: 'TYPE', of: ({ type }) => type, spare: 3, least: 10 },
  { title: 'WHEN', of: (schedule) => whenOf(schedule), least: 10 },
  { title: 'NEXT', of: ({ nextRuns }) => ago(nextRuns[0]), spare: 1 },
  { title: 'LAST', of: ({ lastRun }) => lastRun && `${lastRun.state ?? 'gone'} ${ago(lastRun.at)}`, spare: 2 },
];

const whenOf = ({ words, cron, everyMs }: Schedule) => words ?? cron ?? `every ${duration(everyMs)}`;

/** All of a schedule. */
export function scheduleInFull(schedule: Schedule, terminal: Terminal): string {
  const { lastRun, lastSkipped, nextRuns, options } = schedule;
  const facts = {
    Schedule: schedule.name,
    Description: schedule.description,
    State: stateIn(styleOf(terminal), schedule.state),
    Type: schedule.type,
    When: whenOf(schedule),
    Cron: schedule.cron && `${schedule.cron} (${schedule.timeZone})`,
    Missed: schedule.missed === 'run-all' ? `run-all, the newest ${schedule.missedMost}` : schedule.missed,
    Overlap: schedule.overlap,
    Jitter: schedule.jitterMs ? duration(schedule.jitterMs) : null,
    Options: Object.keys(options).length ? JSON.stringify(options) : null,
    Next: nextRuns.map((time) => moment(time)).join(`\n${' '.repeat(13)}`),
    'Last run': lastRun && `${moment(lastRun.at)}, job ${lastRun.jobId}, ${lastRun.state ?? 'gone by now'}`,
    'Last skip': lastSkipped && `${moment(lastSkipped.slot)}, ${lastSkipped.reason}`,
    Problem: schedule.problem,
    Edited: schedule.edited && schedule.declared ? 'by an operator; the code no longer changes it' : null,
    Changed: `${moment(schedule.updatedAt)} by ${schedule.updatedBy}`,
  };
  return `${factsOf(facts, terminal)}\n${styleOf(terminal).dim('Payload')}\n${pretty(schedule.payload)}\n`;
}
