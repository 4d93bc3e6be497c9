/** The life of a job as data: the states, which moves between them are allowed, and which states are final. */

export const jobStates = [
  'blocked',
  'scheduled',
  'waiting',
  'queued',
  'running',
  'succeeded',
  'dead',
  'cancelled',
] as const;
export type JobState = (typeof jobStates)[number];

/**
 * `blocked` waits for other jobs, `scheduled` for a time, `queued` is in a broker, or offered to the workers that know its
 * version; a final state has no moves but those of the dead, and that of a discarded job which is restored.
 */
export const allowedMoves: Readonly<Record<JobState, readonly JobState[]>> = {
  blocked: ['queued', 'waiting', 'scheduled', 'cancelled'],
  scheduled: ['waiting', 'cancelled'],
  waiting: ['queued', 'cancelled'],
  queued: ['running', 'waiting', 'cancelled'],
  running: ['succeeded', 'dead', 'cancelled', 'scheduled', 'waiting', 'blocked'],
  succeeded: [],
  dead: ['waiting', 'cancelled'],
  cancelled: ['dead'],
};

export const finalStates = ['succeeded', 'dead', 'cancelled'] as const satisfies readonly JobState[];
export type FinalState = (typeof finalStates)[number];

export function isFinal(state: JobState): state is FinalState {
  return (finalStates as readonly JobState[]).includes(state);
}

export function mayMove(from: JobState, to: JobState): boolean {
  return allowedMoves[from].includes(to);
}
