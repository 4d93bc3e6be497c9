/** The three servers and whether they are well. */
import type { Overview } from '../../../overview.ts';
import { bytes, count, duration } from '../format.ts';
import { laneTitles } from '../verdict.ts';

export function ServersCard({ moment: { lanes, database, conservation } }: { moment: Overview }) {
  return (
    <section class="card">
      <header class="pad">
        <h2>Servers</h2>
      </header>
      <table>
        <tbody>
          {lanes.map(({ name, up, server, detail }) => (
            <tr key={name}>
              <td>
                {server ?? laneTitles[name]} <small>{detail ?? `${laneTitles[name].toLowerCase()} lane`}</small>
              </td>
              <td class={`num ${up ? 'good' : 'bad'}`}>{up ? 'up' : 'down'}</td>
            </tr>
          ))}
          {database && (
            <tr>
              <td>
                PostgreSQL {database.version.split(' ', 1)[0]}{' '}
                <small>
                  {database.connections} of {database.maxConnections} connections, oldest transaction{' '}
                  {duration(database.oldestTransactionS * 1_000)}
                </small>
              </td>
              <td class="num">{bytes(database.bytes)}</td>
            </tr>
          )}
          {conservation && (
            <tr>
              <td>
                Ledger{' '}
                <small>
                  {count(conservation.settled)} settled, {count(conservation.live)} alive
                </small>
              </td>
              <td class="num">{count(conservation.appended)} jobs</td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
