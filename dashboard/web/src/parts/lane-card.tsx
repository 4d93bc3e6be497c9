/** One lane: its broker, its speed, and a row per queue. */
import type { LaneHealth } from '../../../../src/contract/lane.ts';
import type { QueueStatus } from '../../../../src/contract/queue-status.ts';
import { type LaneName, queuePath } from '../../../../src/contract/words.ts';
import type { Overview } from '../../../overview.ts';
import { counted, rate } from '../format.ts';
import { laneTitles } from '../verdict.ts';
import { QueueRow } from './queue-row.tsx';
import { Empty } from './small.tsx';
import { actionsColumn, type Column, Table } from './table.tsx';

const brokers: Readonly<Record<LaneName, string>> = { realtime: 'RabbitMQ', bulk: 'BullMQ' };

/** QueueRow fills them. */
const columns: readonly Column[] = [
  { title: 'Queue' },
  { title: 'Waiting', class: 'num', hint: 'Below it those that come later: delayed, or between two attempts' },
  { title: 'Running', class: 'num' },
  { title: 'Dead', class: 'num', hint: 'Now, and below it those of the last 24 hours' },
  { title: 'Oldest', class: 'num', hint: 'Age of the oldest job that could run and has not started' },
  { title: 'Done/s', class: 'num wide', hint: 'Below it those that came in' },
  { title: '5 min', class: 'wide', hint: 'Finished jobs in the last five minutes' },
  { title: 'p95 run', class: 'num wide', hint: '95 of 100 ran for less; below it: waited for less' },
  { title: 'Budget', class: 'num wide roomy', hint: 'Late starts of the last minute, of those that may be' },
  { title: 'Workers', class: 'num wide', hint: 'Worker processes that consume the queue' },
  actionsColumn,
];

export function LaneCard({ lane, moment }: { lane: LaneName; moment: Overview }) {
  const queues = moment.queues.filter((queue) => queue.lane === lane);
  const health = moment.lanes.find(({ name }) => name === lane);
  const done = queues.reduce((sum, queue) => sum + queue.finishedPerS, 0);
  const workers = moment.workers.filter((worker) => worker.queues.some(({ queue }) => queue.startsWith(`${lane}/`)));
  return (
    <section class={`card lane ${lane}`} aria-labelledby={`lane-${lane}`}>
      <header>
        <h2 id={`lane-${lane}`}>{laneTitles[lane]}</h2>
        <Server broker={brokers[lane]} health={health} />
        <span class="soft">
          {rate(done)}/s · {counted(workers.length, 'worker')}
        </span>
      </header>
      {queues.length === 0 ? (
        <Empty title="No queue yet">A queue appears with its first job type in jobs/catalog.ts or its first job.</Empty>
      ) : (
        <Queues queues={queues} moment={moment} />
      )}
    </section>
  );
}

function Server({ broker, health }: { broker: string; health: LaneHealth | undefined }) {
  const server = health?.server?.includes(broker) ? [health.server] : [broker, health?.server];
  const down = health?.up === false;
  return (
    <span class={`tag ${down ? 'bad' : ''}`} title={health?.detail}>
      {[...server, down && 'down'].filter(Boolean).join(' · ')}
    </span>
  );
}

function Queues({ queues, moment }: { queues: readonly QueueStatus[]; moment: Overview }) {
  return (
    <Table columns={columns}>
      {queues.map((queue) => (
        <QueueRow
          key={queue.queue}
          queue={queue}
          deadToday={moment.deadToday[queuePath(queue.lane, queue.queue)] ?? 0}
          late={lateIn(moment, queue)}
        />
      ))}
    </Table>
  );
}

/** Which consumer of the queue is given nothing, and why. */
function lateIn({ workers }: Overview, { lane, queue }: QueueStatus): string | undefined {
  for (const { host, pid, queues } of workers) {
    const late = queues.find((one) => one.queue === queuePath(lane, queue) && one.late !== null);
    if (late) return `${host}:${pid} takes nothing from it: ${late.late}`;
  }
  return undefined;
}
