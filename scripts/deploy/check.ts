/**
 * `npm run deploy:check`: everything under deploy/ that can be checked without Docker and without a cluster. `--only NAME`
 * picks one check. Ends with 1 when there is a finding. The chart needs Go with sprig, the units need systemd; on Debian
 * `--install` fetches them.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { chartFindings } from './chart.ts';
import { composeFindings } from './compose.ts';
import { dockerfileFindings } from './dockerfile.ts';
import { unitFindings } from './units.ts';

/** What is looked at, in this order. A finding is one line: file, place, what is wrong. */
export const checks: Readonly<Record<string, () => Promise<string[]>>> = {
  dockerfile: dockerfileFindings,
  compose: composeFindings,
  units: unitFindings,
  chart: chartFindings,
};

const packages = ['golang-go', 'golang-github-masterminds-sprig-dev', 'systemd'];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, install: { type: 'boolean' } } });
  if (values.install)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { stdio: 'inherit' });
  for (const [name, findings] of Object.entries(checks)) {
    if (values.only && values.only !== name) continue;
    const found = await findings();
    console.log(found.length === 0 ? `${name}: nothing to find fault with` : `${name}:\n  ${found.join('\n  ')}`);
    if (found.length > 0) process.exitCode = 1;
  }
}

await main();
