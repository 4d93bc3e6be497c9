/** A run as JSON, and back: what the other two forms of the report are made from. */
import { judge } from '../aims.ts';
import type { Measured } from '../measured.ts';
import type { Run } from './table.ts';

/** Numbers that could not be measured are null. */
export function toJson(run: Run): string {
  const all = { ...run, results: Object.fromEntries(run.results), aims: judge(run.results) };
  return `${JSON.stringify(all, null, 1)}\n`;
}

export function fromJson(text: string): Run {
  const { startedAt, tookS, scale, machine, results } = JSON.parse(text);
  const measured = Object.entries(results as Record<string, (Omit<Measured, 'value'> & { value: number | null })[]>);
  return {
    startedAt: new Date(startedAt),
    tookS,
    scale,
    machine,
    results: new Map(
      measured.map(([name, all]) => [name, all.map((one) => ({ ...one, value: one.value ?? Number.NaN }))]),
    ),
  };
}
