/** What the process of each role runs. The entry files and the command line start the same parts. */
import type { Twolane, WorkerSelection } from '../src/twolane.ts';
import { dashboardParts, healthParts, httpParts, schedulerPart, workerPart } from './parts.ts';
import { type Part, run } from './run.ts';

export const roles = ['all-in-one', 'api', 'dashboard', 'scheduler', 'worker'] as const;
export type Role = (typeof roles)[number];

/** The parts of a role; `selection` is for its worker. */
function partsOf(role: Role, twolane: Twolane, selection: WorkerSelection): Part[] {
  switch (role) {
    case 'all-in-one':
      return [schedulerPart(twolane), workerPart(twolane, selection), ...httpParts(twolane)];
    case 'api':
      return httpParts(twolane);
    case 'dashboard':
      return dashboardParts(twolane);
    case 'scheduler':
      return [schedulerPart(twolane), ...healthParts(twolane)];
    case 'worker':
      return [workerPart(twolane, selection), ...healthParts(twolane)];
  }
}

/** Runs the role in this process until it is told to stop. Resolves when it is up. */
export function runRole(twolane: Twolane, role: Role, selection: WorkerSelection = {}): Promise<void> {
  return run(twolane, partsOf(role, twolane, selection));
}
