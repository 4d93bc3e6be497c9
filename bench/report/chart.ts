/** The queue systems of a run as bars: a small SVG that needs no script, on light and dark pages. */
import { figureOf, type Results, toText } from '../aims.ts';
import { systems } from '../queues/systems.ts';

const panels = [
  { key: 'rate', title: 'Enqueue to finished, jobs/s', better: 'more is better' },
  { key: 'cpu', title: 'CPU of all processes, ms per job', better: 'less is better' },
  { key: 'p99', title: 'Enqueue to start at 500/s, p99, ms', better: 'less is better, logarithmic' },
] as const;

const rowHeight = 22;
const nameWidth = 170;
const barWidth = 430;
const width = 720;

/** Undefined when none of the systems ran. */
export function chartOf(results: Results): string | undefined {
  const names = systems.map(({ system }) => system.name).filter((name) => results.has(name));
  if (names.length === 0) return undefined;
  const panelHeight = names.length * rowHeight + 44;
  const body = panels.map(({ key, title, better }, n) => {
    const values = names.map((name) => figureOf(results, [name, key]) ?? Number.NaN);
    const bars = names.map((name, row) => barOf(name, values[row] as number, lengths(key, values)[row] as number, row));
    return `<g transform="translate(0 ${n * panelHeight})"><text x="0" y="18" class="t">${title}</text><text x="${width}" y="18" class="b">${better}</text>${bars.join('')}</g>`;
  });
  const height = panels.length * panelHeight;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Queue systems side by side">
<style>text{font:13px system-ui,sans-serif;fill:#767676}.t{font-weight:600}.b{text-anchor:end;font-size:11px}.n{text-anchor:end}rect{fill:#9aa5b1}.o rect{fill:#2f7de1}.o .n{font-weight:600}</style>
${body.join('\n')}
</svg>
`;
}

/** Shares of the longest bar. */
function lengths(key: string, values: readonly number[]): number[] {
  // One order of magnitude below the shortest is nothing.
  const known = values.filter((value) => value > 0);
  const log = key === 'p99';
  const least = log ? Math.log10(Math.min(...known) / 2) : 0;
  const scaled = values.map((value) => (value > 0 ? (log ? Math.log10(value) : value) - least : 0));
  const most = Math.max(...scaled);
  return scaled.map((value) => value / most);
}

function barOf(name: string, value: number, length: number, row: number): string {
  const y = 28 + row * rowHeight;
  const long = Math.max(1, Math.round(length * barWidth));
  const own = name.startsWith('Twolane') ? ' class="o"' : '';
  return `<g${own}><text x="${nameWidth - 8}" y="${y + 14}" class="n">${name}</text><rect x="${nameWidth}" y="${y}" width="${long}" height="${rowHeight - 4}" rx="2"/><text x="${nameWidth + long + 6}" y="${y + 14}">${toText(value)}</text></g>`;
}
