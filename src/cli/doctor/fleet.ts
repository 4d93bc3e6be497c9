/** The installation as its ledger sees it: processes, queues without a worker, alarms, the books, the lease. */
import type { Config } from '../../config.ts';
import { type LaneName, queuePath } from '../../contract/words.ts';
import type { Twolane } from '../../twolane.ts';
import { duration } from '../output/time.ts';
import { examine, type Finding, fault, ok, warning } from './check.ts';

const shortestLeaseMs = 5_000;

export function examineFleet({
  operations,
  catalog,
  config,
}: Pick<Twolane, 'operations' | 'catalog' | 'config'>): Promise<Finding[]> {
  return examine('Fleet', 'Bring PostgreSQL back and run `twolane migrate`.', async () => {
    const [workers, alarms, conservation] = await Promise.all([
      operations.workers(),
      operations.alarms(),
      operations.conservation(),
    ]);
    const working = workers.filter(({ draining }) => !draining);
    const served = new Set(working.flatMap(({ queues }) => queues.map(({ queue }) => queue)));
    const wanted = new Set(Object.values(catalog).map(({ lane, queue }) => queuePath(lane as LaneName, queue)));
    return [
      processes(working.length),
      unserved([...wanted].filter((queue) => !served.has(queue))),
      ...late(working),
      ...alarms.map(({ code, target, message }) => warning(`Alarm ${code}`, target, message)),
      books(conservation.unaccounted),
      lease(config),
    ];
  });
}

function processes(workers: number): Finding {
  if (workers > 0) return ok('Workers', `${workers} alive`);
  return warning('Workers', 'none is alive', 'Start some: `twolane worker`, or everything with `npm start`.');
}

function unserved(queues: string[]): Finding {
  if (queues.length === 0) return ok('Queues', 'each has a worker');
  return warning(
    'Queues',
    `nobody works on ${queues.sort().join(', ')}`,
    'Start a worker for them: `twolane worker --queues …`.',
  );
}

function late(workers: Awaited<ReturnType<Twolane['operations']['workers']>>): Finding[] {
  return workers.flatMap(({ host, pid, queues }) =>
    queues
      .filter((one) => one.late !== null)
      .map((one) =>
        warning(
          'Consumer',
          `${one.queue} in ${host}:${pid}: ${one.late}`,
          'It is made anew by itself; look at its broker when it stays.',
        ),
      ),
  );
}

function books(unaccounted: number): Finding {
  if (unaccounted === 0) return ok('Unaccounted jobs', '0');
  const cure = 'Wait for the patrol of a scheduler (10 s) and ask again; `GET /v1/repairs` says what it mended.';
  return fault('Unaccounted jobs', String(unaccounted), cure);
}

function lease({ TWOLANE_LEASE_MS, TWOLANE_CANARY_MS, TWOLANE_DRAIN_MS }: Config): Finding {
  const check = 'Lease';
  const found = `${duration(TWOLANE_LEASE_MS)}; probes after ${duration(TWOLANE_CANARY_MS)}, draining takes ${duration(TWOLANE_DRAIN_MS)} at most`;
  if (TWOLANE_LEASE_MS >= shortestLeaseMs) return ok(check, found);
  return warning(
    check,
    found,
    `Set TWOLANE_LEASE_MS to ${shortestLeaseMs} or more: shorter pauses than that happen to healthy processes.`,
  );
}
