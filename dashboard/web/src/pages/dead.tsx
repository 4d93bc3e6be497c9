/** Dead jobs by what went wrong; each group leads to its jobs. */
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
      {data && data.items.length > 0 && (
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
              {data.items.map((group) => (
                <tr key={group.fingerprint}>
                  <th scope="row">
                    <a href={groupHref(group)} class="clip two" title={group.message}>
                      {group.message}
                    </a>
                  </th>
                  <td>
                    <a href={`jobs?${new URLSearchParams({ type: group.type, state: 'dead' })}`}>{group.type}</a>
                  </td>
                  <td class="num bad strong">{count(group.count)}</td>
                  <td class="num">
                    <Time at={group.lastAt} />
                  </td>
                  <td class="wide mono">
                    <a href={`jobs/${group.sampleId}`}>{group.sampleId}</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
