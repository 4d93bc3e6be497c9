/** What runs at which times: the next runs, the last one, and the ways to change that. */
import { useState } from 'preact/hooks';
import type { Schedule } from '../../../../src/contract/schedule.ts';
import { getSchedules } from '../api.ts';
import { Pager } from '../parts/pager.tsx';
import { Problem } from '../parts/problem.tsx';
import { ScheduleRow } from '../parts/schedule-row.tsx';
import { Empty } from '../parts/small.tsx';
import { actionsColumn, type Column, Table } from '../parts/table.tsx';
import { TimesEditor } from '../parts/times-editor.tsx';
import { here } from '../router.ts';
import { useLoad } from '../use-load.ts';

export function Schedules() {
  const { search } = here.value;
  const { data, error, reload } = useLoad(`schedules${search}`, (signal) => getSchedules(search, signal), 3_000);
  const [edited, setEdited] = useState<Schedule>();
  const close = () => setEdited(undefined);
  return (
    <section class="card">
      <header class="pad">
        <h1>Schedules</h1>
        <span class="soft">Jobs that come at set times. Each slot runs once.</span>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data?.items.length === 0 && (
        <Empty title="No schedules">Declare one in code, or write one with PUT /v1/schedules/:name.</Empty>
      )}
      {data && data.items.length > 0 && <Rows schedules={data.items} onEdit={setEdited} onChange={reload} />}
      <Pager nextCursor={data?.nextCursor} />
      {edited && (
        <TimesEditor
          schedule={edited}
          onClose={close}
          onDone={() => {
            close();
            reload();
          }}
        />
      )}
    </section>
  );
}

interface RowsProps {
  schedules: readonly Schedule[];
  onEdit(schedule: Schedule): void;
  onChange(): void;
}

const columns: readonly Column[] = [
  { title: 'Schedule' },
  { title: 'Times' },
  { title: 'Next' },
  { title: 'Last run' },
  actionsColumn,
];

function Rows({ schedules, onEdit, onChange }: RowsProps) {
  return (
    <Table columns={columns}>
      {schedules.map((schedule) => (
        <ScheduleRow key={schedule.name} schedule={schedule} onEdit={() => onEdit(schedule)} onChange={onChange} />
      ))}
    </Table>
  );
}
