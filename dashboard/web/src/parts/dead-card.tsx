/** The newest groups of dead jobs. */
import type { DeadGroup } from '../../../../src/contract/dead-letters.ts';
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

/** The jobs of a group: its one job, or the list of them. */
export function groupHref({ count: size, sampleId, fingerprint }: DeadGroup): string {
  return size === 1 ? `jobs/${sampleId}` : `jobs?${new URLSearchParams({ state: 'dead', fingerprint })}`;
}
