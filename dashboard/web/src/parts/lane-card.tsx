/** One lane: its broker, its speed, and a row per queue. */
import type { LaneName } from '../../../../src/contract/words.ts';
import type { Overview } from '../../../overview.ts';
import { counted, rate } from '../format.ts';
import { laneTitles } from '../verdict.ts';
import { QueueRow } from './queue-row.tsx';
import { Empty } from './small.tsx';

const brokers: Readonly<Record<LaneName, string>> = { realtime: 'RabbitMQ', bulk: 'BullMQ' };

export function LaneCard({ lane, moment }: { lane: LaneName; moment: Overview }) {
  const queues = moment.queues.filter((queue) => queue.lane === lane);
  const health = moment.lanes.find(({ name }) => name === lane);
  const done = queues.reduce((sum, queue) => sum + queue.finishedPerS, 0);
  const workers = moment.workers.filter((worker) => worker.queues.some(({ queue }) => queue.startsWith(`${lane}/`)));
  const server = health?.server?.includes(brokers[lane])
    ? health.server
    : [brokers[lane], health?.server].filter(Boolean).join(' · ');
  return (
    <section class={`card lane ${lane}`} aria-labelledby={`lane-${lane}`}>
      <header>
        <h2 id={`lane-${lane}`}>{laneTitles[lane]}</h2>
        <span class={`tag ${health?.up === false ? 'bad' : ''}`} title={health?.detail}>
          {server}
          {health?.up === false ? ' · down' : ''}
        </span>
        <span class="soft">
          {rate(done)}/s · {counted(workers.length, 'worker')}
        </span>
      </header>
      {queues.length === 0 ? (
        <Empty title="No queue yet">A queue appears with its first job type in jobs/catalog.ts or its first job.</Empty>
      ) : (
        <div class="scroll">
          <table>
            <thead>
              <tr>
                <th>Queue</th>
                <th class="num">Waiting</th>
                <th class="num">Running</th>
                <th class="num wide" title="Delayed, or between two attempts">
                  Later
                </th>
                <th class="num">Dead</th>
                <th class="num">Oldest</th>
                <th class="num wide">Done/s</th>
                <th class="wide">5 min</th>
                <th class="num wide roomy">p95 run</th>
                <th class="num wide" title="Worker processes that consume the queue">
                  Workers
                </th>
                <th>
                  <span class="hidden">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {queues.map((queue) => (
                <QueueRow key={queue.queue} queue={queue} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
