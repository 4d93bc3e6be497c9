/** One worker process as a row. */
import type { ConsumerStatus } from '../../../../src/contract/fleet.ts';
import { laneNames } from '../../../../src/contract/words.ts';
import type { ShownWorker } from '../../../handlers/list-workers.ts';
import { may } from '../api.ts';
import { bytes, count, counted, duration } from '../format.ts';
import { now } from '../live.ts';
import { confirmed } from './dialogs.tsx';
import { Time } from './small.tsx';
import { attempt } from './toast.tsx';

/** A process is heard of every second. */
const silentMs = 5_000;

export function WorkerRow({ worker, onDrain }: { worker: ShownWorker; onDrain: () => Promise<unknown> }) {
  const { host, pid, role, version, memoryBytes, startedAt } = worker;
  const trouble = troubleOf(worker);
  return (
    <tr class={trouble === undefined ? '' : 'alarm'}>
      <th scope="row">
        {host}:{pid}
        <small>
          {role} · version {version}
        </small>
      </th>
      <td class="wide">
        {laneNames.map((lane) => (
          <Lane key={lane} lane={lane} consumers={worker.queues.filter(({ queue }) => queue.startsWith(`${lane}/`))} />
        ))}
      </td>
      <td>
        <Jobs worker={worker} />
      </td>
      <td class="num wide">{bytes(memoryBytes)}</td>
      <td class="num wide">{duration(now.value - Date.parse(startedAt))}</td>
      <td>
        <Standing worker={worker} trouble={trouble} />
      </td>
      <td class="num">
        {may('queues:operate') && worker.drainRequestedAt === null && !worker.draining && (
          <button type="button" aria-label={`Drain ${host}:${pid}`} onClick={() => void ask(worker, onDrain)}>
            Drain
          </button>
        )}
      </td>
    </tr>
  );
}

function troubleOf({ queues, heartbeatAt }: ShownWorker): string | undefined {
  const silent = now.value - Date.parse(heartbeatAt);
  if (silent > silentMs) return `not heard of for ${duration(silent)}`;
  const late = queues.find((one) => one.late !== null);
  return late && `takes nothing from ${late.queue}: ${late.late}`;
}

function Standing({ worker, trouble }: { worker: ShownWorker; trouble: string | undefined }) {
  const { draining, drainRequestedAt, running } = worker;
  if (trouble !== undefined) return <b class="bad">{trouble}</b>;
  if (draining)
    return (
      <>
        <span class="tag warn">draining</span>
        <small>{running === 0 ? 'ends now' : `${counted(running, 'job')} to go`}</small>
      </>
    );
  if (drainRequestedAt !== null)
    return (
      <>
        <span class="tag warn">asked to drain</span>
        <small>
          <Time at={drainRequestedAt} />
        </small>
      </>
    );
  return <span class="good">at work</span>;
}

function Lane({ lane, consumers }: { lane: string; consumers: readonly ConsumerStatus[] }) {
  if (consumers.length === 0) return null;
  return (
    <div>
      <span class={`lane-name ${lane}`}>{lane}</span>{' '}
      <span class="soft">
        {consumers.map(({ queue, concurrency }) => `${queue.slice(lane.length + 1)} × ${concurrency}`).join(', ')}
      </span>
    </div>
  );
}

const shown = 3;

function Jobs({ worker: { jobs, running } }: { worker: ShownWorker }) {
  if (jobs.length === 0) return <span class="faint">{running === 0 ? 'nothing' : counted(running, 'job')}</span>;
  const more = Math.max(running, jobs.length) - shown;
  return (
    <>
      {jobs.slice(0, shown).map(({ id, type, startedAt }) => (
        <div key={id}>
          <a href={`jobs/${id}`}>{type}</a>{' '}
          <span class="soft">{duration(Math.max(0, now.value - Date.parse(startedAt)))}</span>
        </div>
      ))}
      {more > 0 && <small>and {count(more)} more</small>}
    </>
  );
}

async function ask({ host, pid, running }: ShownWorker, onDrain: () => Promise<unknown>): Promise<void> {
  const text =
    'It takes no more jobs. What it runs goes on until it is done or its time to drain is over; then the process ends, and whatever starts processes at your place decides whether a new one comes.';
  const title = `Drain ${host}:${pid}${running > 0 ? `, which runs ${counted(running, 'job')}` : ''}?`;
  if (await confirmed({ title, text, yes: 'Drain', danger: true })) await attempt(onDrain, 'It is asked to drain');
}
