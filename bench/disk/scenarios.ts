/** The disk that commits wait for: how fast it is here, and what the rates are when each commit takes longer. */
import { commitMs, fdatasyncMs } from '../machine/disk.ts';
import type { Measured, Scenario } from '../measured.ts';
import { backlogKeys, measureSystem, systemKeys } from '../queues/measure.ts';
import type { System } from '../queues/system.ts';
import { bulk, graphile, realtime } from '../queues/systems.ts';

export const commitDelayMs = 2;

/** In the order of the report. */
export function diskScenarios(scale: number): Scenario[] {
  const n = (jobs: number) => Math.max(100, Math.round(jobs * scale));
  const slow = (system: System, jobs: number, backlog?: number): Scenario => ({
    name: `${system.name}, commits ${commitDelayMs} ms slower`,
    keys: [...systemKeys, ...(backlog ? backlogKeys : [])],
    run: () =>
      measureSystem(system, {
        together: n(jobs),
        apart: n(25_000),
        steady: { perS: 500, seconds: Math.max(1, 4 * scale) },
        ...(backlog && { backlog: n(backlog) }),
        commitDelayMs,
      }),
  });
  return [
    { name: 'the disk', keys: ['fdatasync', 'commit', 'slower commit'], run: measureDisk },
    slow(realtime, 60_000, 1_000_000),
    slow(bulk, 30_000),
    slow(graphile, 60_000),
  ];
}

async function measureDisk(): Promise<Measured[]> {
  const one = (key: string, value: number, note: string): Measured => ({ key, value, unit: 'ms', note });
  return [
    one('fdatasync', (await fdatasyncMs()) ?? Number.NaN, 'a write of 8 KiB and fdatasync, by pg_test_fsync'),
    one('commit', await commitMs(), 'a commit of one row, one after another'),
    one('slower commit', await commitMs(commitDelayMs), `the same with ${commitDelayMs} ms added to the flush`),
  ];
}
