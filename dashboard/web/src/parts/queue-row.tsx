/** One queue as a row: its counts lead to those jobs, and it can be paused. */
import { allowedLate } from '../../../../src/contract/budget.ts';
import type { QueueStatus } from '../../../../src/contract/queue-status.ts';
import type { JobState } from '../../../../src/contract/state.ts';
import { may } from '../api.ts';
import { count, counted, duration, rate, shortDuration } from '../format.ts';
import { waitingIn, worryOf } from '../verdict.ts';
import { PauseButton } from './pause-button.tsx';
import { Spark } from './small.tsx';

interface RowProps {
  queue: QueueStatus;
  /** Jobs that died in the last 24 hours. */
  deadToday: number;
  /** Why a consumer of it is late; undefined while none is. */
  late: string | undefined;
}

export function QueueRow({ queue, deadToday, late }: RowProps) {
  const worry = worryOf(queue) ?? late;
  return (
    <tr class={worry ? 'alarm' : ''} title={worry}>
      <Name queue={queue} />
      <Counts queue={queue} deadToday={deadToday} />
      <td class={`num ${worry ? 'bad strong' : ''}`} title={budgetOf(queue)}>
        {shortDuration(queue.oldestMs)}
      </td>
      <td class="num wide" title="Finished, and below it accepted, per second over the last minute">
        {rate(queue.finishedPerS)}
        {queue.enqueuedPerS > 0 && <small>{rate(queue.enqueuedPerS)} in</small>}
      </td>
      <td class="wide">
        <Spark values={queue.spark} />
      </td>
      <td class="num wide" title="p95 of run and, below it, of wait, over the last five minutes">
        {shortDuration(queue.p95RunMs)}
        {queue.p95WaitMs !== null && <small>{shortDuration(queue.p95WaitMs)} wait</small>}
      </td>
      <td class="num wide roomy" title={budgetOf(queue)}>
        <Burn burn={queue.burn1m} />
      </td>
      <td class={`num wide ${queue.workers === 0 ? 'bad' : ''}`} title={`${counted(queue.concurrency, 'job')} at once`}>
        {queue.workers}
      </td>
      <td class="num">{may('queues:operate') && <PauseButton queue={queue} />}</td>
    </tr>
  );
}

/** How much of the late starts that may be there were: a bar, and the share in words. */
function Burn({ burn }: { burn: number | null }) {
  if (burn === null) return <span class="faint">–</span>;
  const tone = burn >= 1 ? 'hot' : burn >= 0.5 ? 'warm' : '';
  return (
    <span class="burnt">
      <meter class={`burn ${tone}`} min={0} max={1} value={Math.min(1, burn)} aria-label="Budget used" />{' '}
      {burn < 2 ? `${Math.round(burn * 100)} %` : `${burn.toFixed(1)}×`}
    </span>
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

function Counts({ queue, deadToday }: Pick<RowProps, 'queue' | 'deadToday'>) {
  const { counts } = queue;
  const link = (state: JobState, jobs: number) =>
    jobs === 0 ? <span class="faint">0</span> : <a href={jobsHref(queue, state)}>{count(jobs)}</a>;
  return (
    <>
      <td class="num" title={whereTheyWait(queue)}>
        {link(counts.waiting > 0 ? 'waiting' : 'queued', waitingIn(queue))}
        {counts.scheduled > 0 && (
          <small>
            <a href={jobsHref(queue, 'scheduled')}>{count(counts.scheduled)} later</a>
          </small>
        )}
      </td>
      <td class="num">{link('running', counts.running)}</td>
      <td
        class={`num ${counts.dead > 0 ? 'bad' : ''}`}
        title={`${counted(deadToday, 'job')} died in the last 24 hours`}
      >
        {link('dead', counts.dead)}
        {deadToday > 0 && <small>{count(deadToday)} in 24 h</small>}
      </td>
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
