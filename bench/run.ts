/**
 * `npm run bench`: Twolane and what a user would pick instead, side by side in one run on one machine. `npm run bench -- peers lanes`
 * runs some of its parts (bench/parts.ts). Options: --only TEXT (scenarios whose name holds it), --scale NUMBER (of the amounts,
 * default 1), --out FOLDER (default .bench) for benchmark.md, benchmark.json and benchmark.svg.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { judge } from './aims.ts';
import type { Measured, Scenario } from './measured.ts';
import { parts, partsOf } from './parts.ts';
import { chartOf } from './report/chart.ts';
import { toJson } from './report/json.ts';
import { thisMachine } from './report/machine.ts';
import { describe, markdownOf, type Run } from './report/table.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    scale: { type: 'string', default: '1' },
    out: { type: 'string', default: '.bench' },
  },
});

// The programs that it has started end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
const startedAt = new Date();
const scale = Number(options.scale);
const machine = await thisMachine();
const results = new Map<string, readonly Measured[]>();
for (const part of partsOf(positionals)) {
  const chosen = parts[part].scenarios(scale).filter(({ name }) => name.includes(options.only));
  if (chosen.length > 0) console.log(`\n${parts[part].title}`);
  for (const scenario of chosen) await measure(scenario);
}
tell();

/** A scenario that fails is told, and the others run. */
async function measure({ name, keys, run }: Scenario): Promise<void> {
  const begunAt = performance.now();
  process.stdout.write(`  ${name} … `);
  try {
    const measured = await run();
    const missing = keys.find((key) => !measured.some((one) => one.key === key));
    if (missing) throw new Error(`It did not measure ${missing}`);
    results.set(name, measured);
    write();
    console.log(`${measured.map(describe).join(' · ')} [${Math.round((performance.now() - begunAt) / 1_000)} s]`);
  } catch (error) {
    process.exitCode = 1;
    console.log('FAILED');
    console.error(error);
  }
}

/** After each scenario, so that a run that is broken off leaves what it has measured. */
function write(): void {
  const run: Run = { startedAt, tookS: (Date.now() - startedAt.getTime()) / 1_000, scale, machine, results };
  const chart = chartOf(results);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(pathOf('md'), markdownOf(run, chart && 'benchmark.svg'));
  writeFileSync(pathOf('json'), toJson(run));
  if (chart) writeFileSync(pathOf('svg'), chart);
}

function tell(): void {
  console.log('\nAims');
  for (const { met, text, measured } of judge(results))
    console.log(`${met ? 'met   ' : 'MISSED'}  ${text}: ${measured}`);
  console.log(`\nThe report is ${pathOf('md')}, ${Math.round((Date.now() - startedAt.getTime()) / 1_000)} s`);
}

function pathOf(kind: string): string {
  return join(options.out, `benchmark.${kind}`);
}
