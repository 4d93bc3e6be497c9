/** The processes that run jobs. */
import type { WorkerStatus } from '../../../../src/contract/fleet.ts';
import { bytes, counted, duration } from '../format.ts';
import { now } from '../live.ts';
import { Empty } from './small.tsx';

export function FleetCard({ workers }: { workers: readonly WorkerStatus[] }) {
  return (
    <section class="card">
      <header class="pad">
        <h2>Workers</h2>
        {workers.length > 0 && <a href="workers">all</a>}
      </header>
      {workers.length === 0 ? (
        <Empty title="No worker is alive">Jobs are accepted and wait. `npm start` runs workers for both lanes.</Empty>
      ) : (
        <table>
          <tbody>
            {workers.slice(0, 6).map((worker) => (
              <WorkerRow key={worker.id} worker={worker} />
            ))}
          </tbody>
        </table>
      )}
      {workers.length > 6 && <p class="pad soft">and {counted(workers.length - 6, 'more', 'more')}</p>}
    </section>
  );
}

function WorkerRow({ worker }: { worker: WorkerStatus }) {
  const silentMs = now.value - Date.parse(worker.heartbeatAt);
  const queues = worker.queues.map(({ queue, concurrency }) => `${queue} × ${concurrency}`).join(', ');
  return (
    <tr>
      <td>
        <span class="clip" title={`${worker.id}\n${queues}`}>
          {worker.role}{' '}
          <small>
            {worker.host}:{worker.pid}
          </small>
        </span>
        <small>
          version {worker.version} · up {duration(now.value - Date.parse(worker.startedAt))} ·{' '}
          {bytes(worker.memoryBytes)}
        </small>
      </td>
      <td class={`num ${silentMs > 5_000 ? 'bad' : ''}`}>
        {worker.draining ? 'draining' : silentMs > 5_000 ? `silent ${duration(silentMs)}` : `${worker.running} running`}
      </td>
    </tr>
  );
}
