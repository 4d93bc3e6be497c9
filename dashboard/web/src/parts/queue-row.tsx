/** One queue as a row: its counts lead to those jobs, and it can be paused. */
import { allowedLate } from '../../../../src/contract/budget.ts';
import type { QueueStatus } from '../../../../src/contract/queue-status.ts';
import type { JobState } from '../../../../src/contract/state.ts';
import { session } from '../api.ts';
import { count, counted, duration, rate, shortDuration } from '../format.ts';
import { waitingIn, worryOf } from '../verdict.ts';
import { PauseButton } from './pause-button.tsx';
import { Spark } from './small.tsx';

export function QueueRow({ queue }: { queue: QueueStatus }) {
  const worry = worryOf(queue);
  return (
    <tr class={worry ? 'alarm' : ''} title={worry}>
      <Name queue={queue} />
      <Counts queue={queue} />
      <td class={`num ${worry ? 'bad strong' : ''}`} title={budgetOf(queue)}>
        {shortDuration(queue.oldestMs)}
      </td>
      <td class="num wide">{rate(queue.finishedPerS)}</td>
      <td class="wide">
        <Spark values={queue.spark} />
      </td>
      <td class="num wide roomy" title={`p95 from enqueue to start: ${duration(queue.p95WaitMs)}`}>
        {shortDuration(queue.p95RunMs)}
      </td>
      <td class={`num wide ${queue.workers === 0 ? 'bad' : ''}`} title={`${counted(queue.concurrency, 'job')} at once`}>
        {queue.workers}
      </td>
      <td class="num">{!session.value?.readOnly && <PauseButton queue={queue} />}</td>
    </tr>
  );
}

function budgetOf({ budgetMs, burn1m, burn1h }: QueueStatus): string {
  const late = (burn: number | null) =>
    burn === null ? 'none started' : `${Math.round(burn * allowedLate * 100)} % late`;
  return `Should start within ${duration(budgetMs)}. Last minute: ${late(burn1m)}, last hour: ${late(burn1h)}`;
}

function Name({ queue }: { queue: QueueStatus }) {
  const { blocked } = queue.counts;
  return (
    <th scope="row">
      <a href={jobsHref(queue)}>{queue.queue}</a>
      {queue.paused && <span class="tag warn">paused</span>}
      {blocked > 0 && (
        <a class="tag" href={jobsHref(queue, 'blocked')} title="Waiting for other jobs">
          {count(blocked)} blocked
        </a>
      )}
    </th>
  );
}

function Counts({ queue }: { queue: QueueStatus }) {
  const { counts } = queue;
  const cell = (state: JobState, value: number, tone = '', hint?: string) => (
    <td class={`num ${tone}`} title={hint}>
      {value === 0 ? <span class="faint">0</span> : <a href={jobsHref(queue, state)}>{count(value)}</a>}
    </td>
  );
  return (
    <>
      {cell(counts.waiting > 0 ? 'waiting' : 'queued', waitingIn(queue), '', whereTheyWait(queue))}
      {cell('running', counts.running)}
      {cell('scheduled', counts.scheduled, 'wide')}
      {cell('dead', counts.dead, counts.dead > 0 ? 'bad' : '')}
    </>
  );
}

function whereTheyWait({ counts, broker }: QueueStatus): string {
  const ledger = `${count(counts.waiting)} in the ledger, ${count(counts.queued)} handed to the broker`;
  return broker ? `${ledger}; it holds ${count(broker.ready)} ready, ${count(broker.unacked)} taken` : ledger;
}

function jobsHref({ lane, queue }: QueueStatus, state?: JobState): string {
  return `jobs?lane=${lane}&queue=${encodeURIComponent(queue)}${state ? `&state=${state}` : ''}`;
}
