/** The verdict of a chaos run as a section of docs/faults.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { ChaosRun, Inflicted } from './chaos.ts';

const begin = '<!-- Written by npm run chaos -->';
const end = '<!-- End of what is written -->';

/** Replaces what an earlier run has written. @throws Error when the page has no place for it */
export function writeInto(page: string, run: ChaosRun): void {
  const text = readFileSync(page, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${page} has no lines "${begin}" and "${end}"`);
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${report(run)}\n${text.slice(to)}`);
}

export function report({ seed, seconds, inflicted, verdict, repeatedRequests }: ChaosRun): string {
  const { wrong, ...right } = verdict;
  const byName = new Map<string, Inflicted[]>();
  for (const one of inflicted) byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  const rows = [...byName]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([name, some]) => row(name, some));
  return [
    `Seed ${seed}: ${number(right.accepted)} jobs, ${number(right.media)} photos, ${number(right.posts)} posts and ${number(right.likes)} likes`,
    `were accepted within ${Math.round(seconds / 60)} minutes and ${inflicted.length} injuries of ${byName.size} kinds; clients had to repeat ${number(repeatedRequests)} requests,`,
    `and ${number(right.redelivered)} of ${number(right.starts)} starts of handlers were repetitions.`,
    '',
    `| ${Object.keys(wrong).map(words).join(' | ')} |`,
    `|${' --- |'.repeat(Object.keys(wrong).length)}`,
    `| ${Object.values(wrong).map(number).join(' | ')} |`,
    '',
    '| Injury | Times | Recovered after: median, longest | Proof of the last |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function row(name: string, some: readonly Inflicted[]): string {
  const times = some.map(({ recoveredMs }) => recoveredMs).toSorted((a, b) => a - b);
  const failed = some.filter((one) => one.failed).length;
  const [middle, longest] = [times[Math.floor(times.length / 2)] ?? 0, times.at(-1) ?? 0];
  const count = failed === 0 ? `${some.length}` : `${some.length}, ${failed} failed`;
  return `| ${name} | ${count} | ${(middle / 1_000).toFixed(1)} s, ${(longest / 1_000).toFixed(1)} s | ${some.at(-1)?.proof.replaceAll('|', '/')} |`;
}

const number = (n: number) => n.toLocaleString('en');
const words = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
