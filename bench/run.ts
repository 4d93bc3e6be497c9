/**
 * `npm run bench`: Twolane and what a user would pick instead, side by side in one run on one machine. `npm run bench -- peers lanes`
 * runs some of its parts (bench/parts.ts). Options: --only TEXT (scenarios whose name holds it), --scale NUMBER (of the amounts,
 * default 1), --out FOLDER (default .bench) for benchmark.md, benchmark.json and benchmark.svg, --render (measures nothing: makes the
 * page and the chart from the JSON again, after a change of the aims).
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './aims.ts';
import type { Measured, Scenario } from './measured.ts';
import { parts, partsOf } from './parts.ts';
import { chartOf } from './report/chart.ts';
import { fromJson, toJson } from './report/json.ts';
import { thisMachine } from './report/machine.ts';
import { describe, markdownOf, type Run } from './report/table.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    scale: { type: 'string', default: '1' },
    out: { type: 'string', default: '.bench' },
    render: { type: 'boolean', default: false },
  },
});
/** A scenario that takes longer has hung. */
const longestMs = 300_000;

// The programs that it has started end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const run = options.render ? fromJson(readFileSync(pathOf('json'), 'utf8')) : await measureAll(Number(options.scale));
write(run);
tell(run);
process.exit();

async function measureAll(scale: number): Promise<Run> {
  const run: Run = { startedAt: new Date(), tookS: 0, scale, machine: await thisMachine(), results: new Map() };
  for (const part of partsOf(positionals)) {
    const chosen = parts[part].scenarios(scale).filter(({ name }) => name.includes(options.only));
    if (chosen.length > 0) console.log(`\n${parts[part].title}`);
    for (const scenario of chosen) {
      await measure(scenario, run.results);
      run.tookS = (Date.now() - run.startedAt.getTime()) / 1_000;
      // A run that is broken off leaves what it has measured.
      write(run);
    }
  }
  return run;
}

/** A scenario that fails is told, and the others run. */
async function measure({ name, keys, run }: Scenario, results: Map<string, readonly Measured[]>): Promise<void> {
  const begunAt = performance.now();
  process.stdout.write(`  ${name} … `);
  try {
    const measured = await Promise.race([run(), hung()]);
    const missing = keys.find((key) => !measured.some((one) => one.key === key));
    if (missing) throw new Error(`It did not measure ${missing}`);
    results.set(name, measured);
    console.log(`${measured.map(describe).join(' · ')} [${Math.round((performance.now() - begunAt) / 1_000)} s]`);
  } catch (error) {
    process.exitCode = 1;
    console.log('FAILED');
    console.error(error);
  }
}

async function hung(): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, longestMs).unref());
  throw new Error(`It did not end within ${longestMs / 1_000} s`);
}

function write(run: Run): void {
  const chart = chartOf(run.results);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(pathOf('md'), markdownOf(run, chart && 'benchmark.svg'));
  writeFileSync(pathOf('json'), toJson(run));
  if (chart) writeFileSync(pathOf('svg'), chart);
}

function tell({ results, tookS }: Run): void {
  console.log('\nAims');
  for (const { met, text, measured } of judge(results))
    console.log(`${met ? 'met   ' : 'MISSED'}  ${text}: ${measured}`);
  console.log(`\nThe report is ${pathOf('md')}; measured in ${Math.round(tookS)} s`);
}

function pathOf(kind: string): string {
  return join(options.out, `benchmark.${kind}`);
}
