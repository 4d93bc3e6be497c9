/**
 * `npm run chaos -- --minutes 60 --seed 7 --rate 300`: runs on private servers of its own, prints what it does and the verdict,
 * and ends with 1 if anything was lost, doubled or left. `--report docs/faults.md` writes the verdict into that page.
 */
import { parseArgs } from 'node:util';
import { chaos, isFine } from './chaos.ts';
import { injuries } from './injuries/index.ts';
import { chaosFlags } from './options.ts';
import { report, writeInto } from './report.ts';

const { values } = parseArgs({ options: chaosFlags });
const [minutes, seed, rate] = [values.minutes, values.seed, values.rate].map(Number) as [number, number, number];
console.log(`Seed ${seed}, ${minutes} minutes, ${rate} jobs a second`);
const run = await chaos({
  seed,
  rate,
  ms: minutes * 60_000,
  injuries: injuries.filter(({ name }) => name.includes(values.only)),
  keep: true,
  log: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
});
console.log(report(run));
for (const { member, how, why, lastWords } of run.unasked)
  console.log(`${member} ended by itself, ${how}, ${why}:\n${lastWords}`);
if (run.folder) console.log(`Logs and ledgers are in ${run.folder}`);
if (values.report) writeInto(values.report, run);
process.exit(isFine(run.verdict, run.inflicted) ? 0 : 1);
