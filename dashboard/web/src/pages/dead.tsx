/** Dead jobs by what went wrong; each group leads to its jobs. */
import type { DeadGroup } from '../../../../src/contract/dead-letters.ts';
import { getDead } from '../api.ts';
import { count } from '../format.ts';
import { groupHref } from '../parts/dead-card.tsx';
import { Problem } from '../parts/problem.tsx';
import { Empty, Time } from '../parts/small.tsx';
import { useLoad } from '../use-load.ts';

export function Dead() {
  const { data, error, reload } = useLoad('dead', getDead, 3_000);
  return (
    <section class="card">
      <header class="pad">
        <h1>Dead letters</h1>
        <span class="soft">Jobs that failed their last attempt, by their error. Open one to retry or discard it.</span>
      </header>
      {error !== undefined && <Problem error={error} onRetry={reload} />}
      {!data && error === undefined && <p class="pad soft">Loading</p>}
      {data?.items.length === 0 && <Empty title="No dead jobs">Nothing wants a decision.</Empty>}
      {data && data.items.length > 0 && <Groups groups={data.items} />}
    </section>
  );
}

function Groups({ groups }: { groups: readonly DeadGroup[] }) {
  return (
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Error</th>
            <th>Job type</th>
            <th class="num">Jobs</th>
            <th class="num">Newest</th>
            <th class="wide">Example</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <Group key={`${group.fingerprint} ${group.type}`} group={group} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Group({ group }: { group: DeadGroup }) {
  const { message, type, sampleId, lastAt } = group;
  return (
    <tr>
      <th scope="row">
        <a href={groupHref(group)} class="clip two" title={message}>
          {message}
        </a>
      </th>
      <td>
        <a href={`jobs?${new URLSearchParams({ type, state: 'dead' })}`}>{type}</a>
      </td>
      <td class="num bad strong">{count(group.count)}</td>
      <td class="num">
        <Time at={lastAt} />
      </td>
      <td class="wide mono">
        <a href={`jobs/${sampleId}`}>{sampleId}</a>
      </td>
    </tr>
  );
}
