/** Why processes of a chaos run ended without being asked: a job has killed them, they asked to be replaced, or nobody knows. */
import { recycleExitCode } from '../../workers/exit-codes.ts';
import type { Unasked } from './fleet.ts';
import type { Load } from './load.ts';
import { readStarts } from './starts.ts';
import type { World } from './world.ts';

export interface Ended extends Unasked {
  why: 'killed by its job' | 'to be replaced' | 'unexplained';
}

export function endings(world: World, { accepted }: Load): Ended[] {
  const poisoned = new Set(readStarts(world).flatMap(({ id, pid }) => (accepted.poison.has(id) ? [pid] : [])));
  return world.fleet.members.flatMap(({ unasked }) => unasked.map((end) => ({ ...end, why: whyOf(end, poisoned) })));
}

function whyOf({ pid, how }: Unasked, poisoned: ReadonlySet<number>): Ended['why'] {
  if (how === 'SIGKILL' && poisoned.has(pid)) return 'killed by its job';
  return how === `exit code ${recycleExitCode}` ? 'to be replaced' : 'unexplained';
}
