/** Who may see a job over HTTP, and what a user sees of his own. */
import type { JobDetail } from '../contract/job-view.ts';
import type { Operations } from '../contract/operations.ts';
import type { Estimate } from '../contract/watch.ts';
import { notFound } from '../http/problem.ts';
import type { Actor } from '../http/route.ts';

/**
 * The job, if the actor may see it: an API key sees all, a user (or a key acting for one) his own.
 * @throws Problem 404 otherwise, so that nobody learns which ids exist.
 */
export async function visibleJob(operations: Operations, id: string, actor: Actor): Promise<JobDetail> {
  const job = await operations.get(id);
  if (!job || !(seesAll(actor) || job.owner === actor.userId)) throw notFound('job');
  return job;
}

export function seesAll(actor: Actor): boolean {
  return actor.kind === 'key' && actor.userId === undefined;
}

/** The user's view. */
export function ownView({ id, type, state, progress }: JobDetail, { position, eta }: Estimate) {
  return { id, type, state, progress, position, eta };
}
