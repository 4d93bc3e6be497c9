/** The worker processes: where each runs, what it does now, whether its consumers are well, and the way to let it go. */
import type { ShownWorker } from '../../../handlers/list-workers.ts';
import { drainWorker, getWorkers } from '../api.ts';
import { counted } from '../format.ts';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { actionsColumn, type Column, Table } from '../parts/table.tsx';
import { WorkerRow } from '../parts/worker-row.tsx';
import { useLoad } from '../use-load.ts';

export function Workers() {
  const { data, error, reload } = useLoad('workers', getWorkers, 2_000);
  return (
    <section class="card">
      <header class="pad">
        <h1>Workers</h1>
        {data && <span class="soft">{summary(data.items)}</span>}
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data?.items.length === 0 && (
        <Empty title="No worker is alive">
          Jobs are accepted and wait. `twolane worker` starts one for both lanes, `npm start` everything.
        </Empty>
      )}
      {data && data.items.length > 0 && <Processes workers={data.items} onChange={reload} />}
    </section>
  );
}

function summary(workers: readonly ShownWorker[]): string {
  const running = workers.reduce((sum, worker) => sum + worker.running, 0);
  const versions = new Set(workers.map(({ version }) => version));
  const mixed = versions.size > 1 ? `, ${versions.size} versions` : '';
  return `${counted(workers.length, 'process', 'processes')}, ${counted(running, 'job runs', 'jobs run')}${mixed}`;
}

const columns: readonly Column[] = [
  { title: 'Worker' },
  { title: 'Queues', class: 'wide' },
  { title: 'Runs now' },
  { title: 'Memory', class: 'num wide' },
  { title: 'Up', class: 'num wide' },
  { title: 'State' },
  actionsColumn,
];

function Processes({ workers, onChange }: { workers: readonly ShownWorker[]; onChange: () => void }) {
  return (
    <Table columns={columns}>
      {workers.map((worker) => (
        <WorkerRow key={worker.id} worker={worker} onDrain={() => drainWorker(worker.id).finally(onChange)} />
      ))}
    </Table>
  );
}
