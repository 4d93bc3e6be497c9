/** How jobs look: as a table, and one in full. */
import type { components } from '../../client/index.ts';
import type { Terminal } from '../terminal.ts';
import { pretty } from './print.ts';
import { stateIn, styleOf } from './style.ts';
import { type Column, factsOf, tableOf } from './table.ts';
import { ago, count, duration, moment } from './time.ts';

type Schemas = components['schemas'];

export const jobColumns: readonly Column<Schemas['JobSummary']>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'TYPE', of: ({ type }) => type, least: 12 },
  { title: 'QUEUE', of: ({ lane, queue }) => `${lane}/${queue}`, spare: 3 },
  { title: 'STATE', of: ({ state }) => state, style: (text, style) => stateIn(style, text) },
  { title: 'TRIES', of: ({ attempt, maxAttempts }) => `${attempt}/${maxAttempts}`, spare: 2, right: true },
  { title: 'ENQUEUED', of: ({ enqueuedAt }) => ago(enqueuedAt), spare: 1 },
  { title: 'WHY', of: ({ error, reason }) => error?.message ?? reason, least: 8, spare: 4 },
];

const attemptColumns: readonly Column<Schemas['Attempt']>[] = [
  { title: 'ATTEMPT', of: ({ attempt }) => attempt, right: true },
  { title: 'OUTCOME', of: ({ outcome }) => outcome, style: (text, style) => stateIn(style, text) },
  { title: 'STARTED', of: ({ startedAt }) => ago(startedAt) },
  { title: 'TOOK', of: (attempt) => tookOf(attempt), right: true },
  { title: 'WORKER', of: ({ worker }) => worker, spare: 1 },
  { title: 'ERROR', of: ({ error }) => error && `${error.name}: ${error.message}`, least: 10 },
];

function tookOf({ startedAt, finishedAt }: Pick<Schemas['Attempt'], 'startedAt' | 'finishedAt'>): string | null {
  return finishedAt && duration(Date.parse(finishedAt) - Date.parse(startedAt));
}

/** All of a job: facts, attempts, payload and result. */
export function jobInFull(job: Schemas['Job'], terminal: Terminal): string {
  const style = styleOf(terminal);
  const { payloadFile } = job;
  const payload = payloadFile ? `${count(payloadFile.bytes)} bytes in the file store` : pretty(job.payload);
  const parts = [
    factsOf(
      jobFacts(job, (state) => stateIn(style, state)),
      terminal,
    ),
    job.attempts.length ? tableOf(job.attempts, attemptColumns, terminal) : '',
    `${style.dim('Payload')}\n${payload}\n`,
    job.result === null || job.result === undefined ? '' : `${style.dim('Result')}\n${pretty(job.result)}\n`,
    job.error?.stack ? `${style.dim('Stack')}\n${job.error.stack}\n` : '',
  ];
  return parts.filter(Boolean).join('\n');
}

function jobFacts(job: Schemas['Job'], state: (name: string) => string) {
  const { progress, position } = job;
  return {
    Job: job.id,
    Type: `${job.type} (version ${job.version})`,
    Queue: `${job.lane}/${job.queue}`,
    State: state(job.state) + (job.reason ? ` (${job.reason})` : ''),
    Progress: progress && `${Math.round(progress.percent)} %${progress.note ? `, ${progress.note}` : ''}`,
    Ahead: position && `${count(position.ahead)}${position.more ? ' or more' : ''} jobs start before it`,
    'Should end': moment(job.eta),
    Priority: job.priority,
    Key: job.key,
    Tenant: job.tenant,
    Owner: job.owner,
    Attempts: `${job.attempt} of ${job.maxAttempts}, up to ${duration(job.timeoutMs)} each`,
    Enqueued: moment(job.enqueuedAt),
    'Not before': moment(job.runAt),
    Expires: moment(job.expiresAt),
    Started: moment(job.startedAt),
    Finished: moment(job.finishedAt),
    Worker: job.worker,
    'Waits for': job.waitsFor.join(', '),
    Children: job.childIds.join(', '),
    Flow: job.flowId,
    Parent: job.parentId,
    Trace: job.traceId,
    Metadata: job.metadata && JSON.stringify(job.metadata),
    Restorable: job.restorableUntil && `until ${moment(job.restorableUntil)}`,
  };
}
