/** Dead jobs by what went wrong; each group leads to its jobs. */

import { useState } from 'preact/hooks';
import type { DeadGroup } from '../../../../src/contract/dead-letters.ts';
import { getDead, may } from '../api.ts';
import { count } from '../format.ts';
import { groupHref } from '../parts/dead-card.tsx';
import { GroupActions } from '../parts/group-actions.tsx';
import { OperationsCard } from '../parts/operations-card.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty, Time } from '../parts/small.tsx';
import { actionsColumn, type Column, Table } from '../parts/table.tsx';
import { useLoad } from '../use-load.ts';

export function Dead() {
  const { data, error, reload } = useLoad('dead', getDead, 3_000);
  const [turn, setTurn] = useState(0);
  const changed = () => {
    reload();
    setTurn((last) => last + 1);
  };
  return (
    <>
      <section class="card">
        <header class="pad">
          <h1>Dead letters</h1>
          <span class="soft">Jobs that failed their last attempt, by their error. Open one to edit and retry it.</span>
        </header>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {!data && error === undefined && <p class="pad soft">Loading</p>}
        {data?.items.length === 0 && <Empty title="No dead jobs">Nothing wants a decision.</Empty>}
        {data && data.items.length > 0 && <Groups groups={data.items} onChange={changed} />}
      </section>
      <OperationsCard turn={turn} />
    </>
  );
}

const columns: readonly Column[] = [
  { title: 'Error' },
  { title: 'Job type' },
  { title: 'Jobs', class: 'num' },
  { title: 'First', class: 'num wide' },
  { title: 'Newest', class: 'num' },
  { title: 'Example', class: 'wide' },
  actionsColumn,
];

function Groups({ groups, onChange }: { groups: readonly DeadGroup[]; onChange: () => void }) {
  return (
    <Table columns={columns}>
      {groups.map((group) => (
        <Group key={`${group.fingerprint} ${group.queue}`} group={group} onChange={onChange} />
      ))}
    </Table>
  );
}

function Group({ group, onChange }: { group: DeadGroup; onChange: () => void }) {
  const { message, type, lane, queue, sampleId, firstAt, lastAt } = group;
  return (
    <tr>
      <th scope="row">
        <a href={groupHref(group)} class="clip two" title={message}>
          {message}
        </a>
      </th>
      <td>
        <a href={`jobs?${new URLSearchParams({ type, state: 'dead' })}`}>{type}</a>
        <small>
          {lane} · {queue}
        </small>
      </td>
      <td class="num bad strong">{count(group.count)}</td>
      <td class="num wide">
        <Time at={firstAt} />
      </td>
      <td class="num">
        <Time at={lastAt} />
      </td>
      <td class="wide mono">
        <a href={`jobs/${sampleId}`}>{sampleId}</a>
      </td>
      <td class="num">{may('jobs:operate') && <GroupActions group={group} onChange={onChange} />}</td>
    </tr>
  );
}
