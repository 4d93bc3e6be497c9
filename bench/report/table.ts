/** The report of a run as Markdown: the machine, the aims, one table of everything that was measured. */

import { judge, type Results, toText } from '../aims.ts';
import { costsOf } from '../costs.ts';
import type { Measured } from '../measured.ts';
import { type PartName, parts } from '../parts.ts';
import type { Machine } from './machine.ts';

export interface Run {
  startedAt: Date;
  tookS: number;
  scale: number;
  machine: Machine;
  results: Map<string, readonly Measured[]>;
}

/** Columns by the keys of measures; all others stand in the last one. */
const columns: Readonly<Record<string, string>> = {
  rate: 'Rate',
  enqueue: 'Enqueue alone',
  process: 'Process alone',
  p50: 'p50',
  p99: 'p99',
  cpu: 'CPU',
  memory: 'Memory',
};

/** @param chart the name of the picture beside it, when there is one */
export function markdownOf(run: Run, chart: string | undefined): string {
  return [
    '# The benchmark',
    'What `npm run bench` measured; a run writes this page. [Performance](performance.md) says how it is measured and what it means.',
    machineText(run),
    ...(chart ? [`![Rates, CPU and latencies of the queue systems, from the table below](${chart})`] : []),
    ...aimText(run.results),
    '## Everything that was measured',
    measureTable(run.results),
    ...costText(run.results),
    '',
  ].join('\n\n');
}

function machineText({ startedAt, tookS, scale, machine }: Run): string {
  const { cpu, cores, memoryGib, node, postgresql, rabbitmq, redis, loadBefore } = machine;
  const date = startedAt.toISOString().slice(0, 10);
  const full = scale === 1 ? '' : ` at ${scale} of the full amounts`;
  return (
    `${date}, ${Math.round(tookS / 60)} minutes${full}, on ${cores} cores (${cpu}) and ${memoryGib} GiB with all servers beside it: ` +
    `PostgreSQL ${postgresql}, RabbitMQ ${rabbitmq}, Redis ${redis}, Node.js ${node}. ` +
    `Load of the machine in the minute before: ${toText(loadBefore)}.`
  );
}

function aimText(results: Results): string[] {
  const rows = judge(results).map(({ text, measured, met, missedBy }) => {
    const verdict = met ? 'met' : Number.isNaN(missedBy) ? 'not measured' : `missed by ${toText(missedBy)} %`;
    return [text, measured, verdict];
  });
  return rows.length > 0 ? ['## Aims', tableOf(['Aim', 'Measured', ''], rows)] : [];
}

function measureTable(results: Results): string {
  const keys = Object.keys(columns);
  const rows = (Object.keys(parts) as PartName[]).flatMap((part) => {
    const ran = parts[part].scenarios(1).filter(({ name }) => results.has(name));
    if (ran.length === 0) return [];
    const title = [`**${parts[part].title}**`, ...keys.map(() => ''), ''];
    return [title, ...ran.map(({ name }) => rowOf(name, results.get(name) ?? []))];
  });
  return tableOf(['Scenario', ...Object.values(columns), 'Further'], rows);
}

function rowOf(name: string, measured: readonly Measured[]): string[] {
  const known = Object.keys(columns).map((key) => {
    const found = measured.find((one) => one.key === key);
    return found ? `${toText(found.value)} ${found.unit}` : '';
  });
  const further = measured.filter(({ key }) => !(key in columns)).map(describe);
  return [name, ...known, further.join('; ')];
}

/** A measure in words. */
export function describe({ value, unit, note }: Measured): string {
  return `${toText(value)} ${unit}${note ? ` ${note}` : ''}`;
}

function costText(results: Results): string[] {
  const found = costsOf(results);
  if (found.length === 0) return [];
  const list = found.map(({ text, share }) => `- ${share} %: ${text}`).join('\n');
  return ['## What is left of the rate of plain jobs', list];
}

/** Columns of one width, so that the text can be read as well. */
function tableOf(head: readonly string[], rows: readonly string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, n) => (cells[n] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}
