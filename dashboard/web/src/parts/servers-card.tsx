/** The three servers and the ledger, and whether they are well. */
import type { Overview } from '../../../overview.ts';
import { bytes, count, duration } from '../format.ts';
import { laneTitles } from '../verdict.ts';

interface Row {
  name: string;
  note: string;
  value: string;
  tone?: 'good' | 'bad' | undefined;
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

function rowsOf({ at, lanes, database, books, diskFreeBytes }: Overview): Row[] {
  const rows = lanes.map(({ name, up, server, detail, note, memory, disk }): Row => {
    const title = laneTitles[name];
    const worried = up && (detail !== undefined || isTight(disk));
    return {
      name: server ?? title,
      note: detail ?? [`${title.toLowerCase()} lane`, note, ...onDisk(disk)].filter(Boolean).join(', '),
      value: !up ? 'down' : memory ? usedOf(memory) : worried ? 'alarm' : 'up',
      tone: !up || worried ? 'bad' : 'good',
    };
  });
  if (database) {
    const { version, connections, maxConnections, oldestTransactionS, bloatPercent, walBytes } = database;
    const oldest = duration(oldestTransactionS * 1_000);
    rows.push({
      name: `PostgreSQL ${version.split(' ', 1)[0]}`,
      note: [
        `${connections} of ${maxConnections} connections, oldest transaction ${oldest}, bloat ${Math.round(bloatPercent)} %`,
        ...(walBytes === null ? [] : [`write-ahead log ${bytes(walBytes)}`]),
      ].join(', '),
      value: bytes(database.bytes),
      tone: oldestTransactionS > longS || bloatPercent > muchBloat ? 'bad' : undefined,
    });
  }
  if (diskFreeBytes !== null) {
    const tone = diskFreeBytes < littleRoom ? 'bad' : undefined;
    rows.push({ name: 'Disk', note: 'where files are', value: `${bytes(diskFreeBytes)} free`, tone });
  }
  if (books) {
    const counted = duration(Math.max(0, Date.parse(at) - Date.parse(books.countedAt)));
    const note = `${count(books.settled)} settled, ${count(books.live)} alive; counted ${counted} ago`;
    rows.push({ name: 'Ledger', note, value: `${count(books.appended)} jobs` });
  }
  return rows;
}

/** A transaction that is open for longer keeps PostgreSQL from cleaning up, seconds. */
const longS = 300;
/** Percent of dead rows that says that vacuum does not keep up; the live table alone comes to much of that under load. */
const muchBloat = 60;
const littleRoom = 2 * 1024 ** 3;

type Disk = Overview['lanes'][number]['disk'];

function onDisk(disk: Disk): string[] {
  return [
    ...(disk && disk.used !== null ? [`${bytes(disk.used)} on disk`] : []),
    ...(disk && disk.free !== null ? [`${bytes(disk.free)} of disk free`] : []),
  ];
}

/** Near the room below which the broker takes nothing more. */
const isTight = (disk: Disk) => disk !== undefined && disk.free !== null && disk.free < 2 * (disk.least ?? 0);

function usedOf({ used, most }: { used: number; most: number | null }): string {
  return most === null ? bytes(used) : `${Math.round((used / most) * 100)} % of ${bytes(most)}`;
}
