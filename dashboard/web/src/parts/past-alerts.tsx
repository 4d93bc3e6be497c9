/** What was wrong and is well again. */
import { alertKinds } from '../../../../src/contract/alerts.ts';
import { getPastAlerts } from '../api.ts';
import { duration } from '../format.ts';
import { useLoad } from '../use-load.ts';
import { Problem } from './problem.tsx';
import { Time } from './small.tsx';

export function PastAlerts() {
  const { data, error, reload } = useLoad('past alerts', (signal) => getPastAlerts('?limit=20', signal), 10_000);
  if (error !== undefined) return <Problem error={error} onRetry={reload} />;
  if (!data || data.items.length === 0) return null;
  return (
    <section class="card" aria-label="Past alerts">
      <header class="pad">
        <h2>Well again</h2>
      </header>
      <table>
        <tbody>
          {data.items.map(({ id, kind, target, since, resolvedAt }) => (
            <tr key={id}>
              <th scope="row">
                {alertKinds[kind].title}
                <small>{target}</small>
              </th>
              <td class="num">
                {resolvedAt !== null && <Time at={resolvedAt} />}
                <small class="soft">after {duration(Date.parse(resolvedAt ?? since) - Date.parse(since))}</small>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
