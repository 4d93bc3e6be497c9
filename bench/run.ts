/**
 * `npm run bench`: Twolane against plain amqplib and plain BullMQ, in one run on one machine; `npm run bench -- media`: photos and
 * videos against plain sharp, libvips and ffmpeg; `npm run bench -- social`: feeds and messages. Options: --only TEXT (scenarios
 * whose name holds it), --scale NUMBER (of the job counts, default 1), --json FILE.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costsOf, judge } from './aims.ts';
import type { Measured, Scenario } from './measured.ts';
import { mediaScenarios } from './media/scenarios.ts';
import { scenarios } from './scenarios.ts';
import { socialScenarios } from './social/scenarios.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string' }, scale: { type: 'string', default: '1' }, json: { type: 'string' } },
});
const scale = Number(options.scale);
const lists: Readonly<Record<string, (scale: number) => Scenario[]>> = {
  media: mediaScenarios,
  social: socialScenarios,
};
const all = (lists[positionals[0] ?? ''] ?? scenarios)(scale);
const chosen = all.filter(({ name }) => !options.only || name.includes(options.only));
const results = new Map<string, Measured[]>();
for (const { name, run } of chosen) {
  process.stdout.write(`${name} … `);
  const measured = await run();
  results.set(name, measured);
  console.log(
    measured.map(({ value, unit, note }) => `${format(value)} ${unit}${note ? ` (${note})` : ''}`).join(' · '),
  );
}
const costs = costsOf(results);
if (costs.length > 0) console.log(['\nOf the rate of plain jobs', ...costs].join('\n'));
console.log('\nAims');
for (const line of judge(results)) console.log(`${line.met ? 'met   ' : 'MISSED'}  ${line.text}`);
if (options.json) writeFileSync(options.json, JSON.stringify(Object.fromEntries(results), null, 2));

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 1 : 0 });
}
