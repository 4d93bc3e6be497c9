/** One queue as a row: its counts lead to those jobs, and it can be paused. */
import type { QueueStatus } from '../../../../src/contract/ledger.ts';
import type { JobState } from '../../../../src/contract/state.ts';
import { actOnQueue, session } from '../api.ts';
import { count, counted, duration, rate, shortDuration } from '../format.ts';
import { waitingIn, worryOf } from '../verdict.ts';
import { confirmed } from './dialogs.tsx';
import { Spark } from './small.tsx';
import { say } from './toast.tsx';

export function QueueRow({ queue }: { queue: QueueStatus }) {
  const { counts } = queue;
  const worry = worryOf(queue);
  const waiting = waitingIn(queue);
  const broker = queue.broker
    ? `; the broker holds ${count(queue.broker.ready)} ready, ${count(queue.broker.unacked)} taken`
    : '';
  return (
    <tr class={worry ? 'alarm' : ''} title={worry}>
      <th scope="row">
        <a href={jobsHref(queue)}>{queue.queue}</a>
        {queue.paused && <span class="tag warn">paused</span>}
        {counts.blocked > 0 && (
          <a class="tag" href={jobsHref(queue, 'blocked')} title="Waiting for other jobs">
            {count(counts.blocked)} blocked
          </a>
        )}
      </th>
      <td
        class="num"
        title={`${count(counts.waiting)} in the ledger, ${count(counts.queued)} handed to the broker${broker}`}
      >
        <Count value={waiting} href={jobsHref(queue, counts.waiting > 0 ? 'waiting' : 'queued')} />
      </td>
      <td class="num">
        <Count value={counts.running} href={jobsHref(queue, 'running')} />
      </td>
      <td class="num wide">
        <Count value={counts.scheduled} href={jobsHref(queue, 'scheduled')} />
      </td>
      <td class={`num ${counts.dead > 0 ? 'bad' : ''}`}>
        <Count value={counts.dead} href={jobsHref(queue, 'dead')} />
      </td>
      <td class={`num ${worry ? 'bad strong' : ''}`}>{shortDuration(queue.oldestMs)}</td>
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

function Count({ value, href }: { value: number; href: string }) {
  return value === 0 ? <span class="faint">0</span> : <a href={href}>{count(value)}</a>;
}

function PauseButton({ queue: { lane, queue, paused } }: { queue: QueueStatus }) {
  const action = paused ? 'resume' : 'pause';
  return (
    <button
      type="button"
      class="small"
      aria-label={`${paused ? 'Resume' : 'Pause'} ${queue}`}
      title={paused ? 'Resume' : 'Pause'}
      onClick={() => void change()}
    >
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d={paused ? 'M3 1.5v9l7.5-4.5z' : 'M2.5 1.5h2.5v9H2.5zM7 1.5h2.5v9H7z'} />
      </svg>
    </button>
  );

  async function change(): Promise<void> {
    const text = paused
      ? `What has waited starts at once, as fast as the workers of ${queue} allow.`
      : `What runs goes on; nothing new starts on ${queue} until it is resumed. Jobs are still accepted.`;
    const title = paused ? `Resume ${queue}?` : `Pause ${queue}?`;
    if (!(await confirmed({ title, text, yes: paused ? 'Resume' : 'Pause', danger: !paused }))) return;
    try {
      await actOnQueue(lane, queue, action);
      say(`${queue} is ${paused ? 'running again' : 'paused'}`);
    } catch (error) {
      say(error instanceof Error ? error.message : String(error), 'bad');
    }
  }
}

function jobsHref({ lane, queue }: QueueStatus, state?: JobState): string {
  return `jobs?lane=${lane}&queue=${encodeURIComponent(queue)}${state ? `&state=${state}` : ''}`;
}
