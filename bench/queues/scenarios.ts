/** Queue systems side by side, and the latency of what a program does by hand. */
import { type Measured, percentiles, type Scenario, waitKeys } from '../measured.ts';
import { plainLatency } from '../peers/plain-latency.ts';
import { type Amounts, backlogKeys, measureSystem, systemKeys } from './measure.ts';
import { serverUrl } from './system.ts';
import { systems } from './systems.ts';

const perS = 500;

/** In the order of the report. */
export function queueScenarios(scale: number): Scenario[] {
  const n = (jobs: number) => Math.max(100, Math.round(jobs * scale));
  const seconds = Math.max(1, 5 * scale);
  const sideBySide = systems.map(({ system, together, apart, backlog }): Scenario => {
    const amounts: Amounts = { together: n(together), apart: n(apart), steady: { perS, seconds } };
    if (backlog) amounts.backlog = n(1_000_000);
    return {
      name: system.name,
      keys: [...systemKeys, ...(backlog ? backlogKeys : [])],
      run: () => measureSystem(system, amounts),
    };
  });
  return [...sideBySide, { name: 'a row, then a message by hand', keys: waitKeys, run: () => byHand(seconds) }];
}

/** What of the latency is the machine's and the servers': an insert and a plain message for each job. */
async function byHand(seconds: number): Promise<Measured[]> {
  const servers = { database: serverUrl('DATABASE_URL'), amqp: serverUrl('AMQP_URL') };
  await plainLatency(servers, perS, perS);
  return percentiles(await plainLatency(servers, perS, perS * seconds), `insert to consumer at ${perS}/s`);
}
