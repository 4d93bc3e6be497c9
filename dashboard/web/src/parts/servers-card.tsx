/** The three servers and the ledger, and whether they are well. */
import type { Overview } from '../../../overview.ts';
import { bytes, count, duration } from '../format.ts';
import { laneTitles } from '../verdict.ts';

interface Row {
  name: string;
  note: string;
  value: string;
  tone?: 'good' | 'bad';
}

export function ServersCard({ moment }: { moment: Overview }) {
  return (
    <section class="card">
      <header class="pad">
        <h2>Servers</h2>
      </header>
      <table>
        <tbody>
          {rowsOf(moment).map(({ name, note, value, tone = '' }) => (
            <tr key={name}>
              <td>
                {name} <small>{note}</small>
              </td>
              <td class={`num ${tone}`}>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function rowsOf({ lanes, database, conservation }: Overview): Row[] {
  const rows = lanes.map(({ name, up, server, detail }): Row => {
    const title = laneTitles[name];
    const note = detail ?? `${title.toLowerCase()} lane`;
    return { name: server ?? title, note, value: up ? 'up' : 'down', tone: up ? 'good' : 'bad' };
  });
  if (database) {
    const { version, connections, maxConnections, oldestTransactionS } = database;
    const oldest = duration(oldestTransactionS * 1_000);
    const note = `${connections} of ${maxConnections} connections, oldest transaction ${oldest}`;
    rows.push({ name: `PostgreSQL ${version.split(' ', 1)[0]}`, note, value: bytes(database.bytes) });
  }
  if (conservation) {
    const note = `${count(conservation.settled)} settled, ${count(conservation.live)} alive`;
    rows.push({ name: 'Ledger', note, value: `${count(conservation.appended)} jobs` });
  }
  return rows;
}
