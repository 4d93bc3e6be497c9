/** The people who may see these pages, what each may do, and making and changing them. */
import { getOperators, may } from '../api.ts';
import { OperatorForm } from '../parts/operator-form.tsx';
import { OperatorRow } from '../parts/operator-row.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty } from '../parts/small.tsx';
import { actionsColumn, type Column, Table } from '../parts/table.tsx';
import { useLoad } from '../use-load.ts';

const columns: readonly Column[] = [
  { title: 'Operator' },
  { title: 'Role' },
  { title: 'Last seen', class: 'wide' },
  { title: 'Since', class: 'wide' },
  actionsColumn,
];

export function Operators() {
  const { data, error, reload } = useLoad('operators', getOperators, 5_000);
  return (
    <section class="card">
      <header class="pad">
        <h1>Operators</h1>
        <span class="soft">
          A viewer looks, an operator acts on jobs, queues, schedules and alerts, an admin may everything.
        </span>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data && !data.ownLogin && (
        <Empty title="Operators log in elsewhere">The app that these pages stand in says who may see them.</Empty>
      )}
      {data?.ownLogin && (
        <Table columns={columns}>
          {data.items.map((operator) => (
            <OperatorRow key={operator.name} operator={operator} onChange={reload} />
          ))}
        </Table>
      )}
      {data?.ownLogin && may('operators:write') && <OperatorForm onChange={reload} />}
    </section>
  );
}
