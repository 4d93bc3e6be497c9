/** The newest groups of dead jobs. */
import type { DeadGroup } from '../../../overview.ts';
import { count } from '../format.ts';
import { Empty, Time } from './small.tsx';

export function DeadCard({ groups }: { groups: readonly DeadGroup[] }) {
  return (
    <section class="card">
      <header class="pad">
        <h2>Dead letters</h2>
        {groups.length > 0 && <a href="dead">all</a>}
      </header>
      {groups.length === 0 ? (
        <Empty title="No dead jobs">A job that failed its last attempt is kept here until somebody decides.</Empty>
      ) : (
        <table>
          <tbody>
            {groups.slice(0, 5).map((group) => (
              <tr key={`${group.fingerprint} ${group.type}`}>
                <td>
                  <a class="clip" href={groupHref(group)} title={group.message}>
                    {group.message}
                  </a>
                  <small>
                    {group.type} · <Time at={group.lastAt} />
                  </small>
                </td>
                <td class="num">{count(group.count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** The jobs of a group: its one job, or the list of those whose error begins in the same way. */
export function groupHref({ count: size, sampleId, type, message }: DeadGroup): string {
  if (size === 1) return `jobs/${sampleId}`;
  const beginning =
    message
      .split(/\d|["'\n]/u, 1)[0]
      ?.trim()
      .slice(0, 80) ?? '';
  return `jobs?${new URLSearchParams({ type, state: 'dead', ...(beginning.length > 3 && { error: beginning }) })}`;
}
