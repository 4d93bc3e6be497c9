/** Who may see a job over HTTP, and what a user sees of his own. */
import type { JobDetail, Operations } from '../contract/ledger.ts';
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

/** The user's view. The estimate extends the progress so far in a straight line; `now` in milliseconds since 1970. */
export function ownView({ id, type, state, progress, startedAt }: JobDetail, now = Date.now()) {
  const percent = progress?.percent ?? 0;
  const known = state === 'running' && startedAt !== null && percent > 0;
  const started = startedAt === null ? 0 : Date.parse(startedAt);
  const eta = known ? new Date(started + ((now - started) * 100) / percent).toISOString() : null;
  return { id, type, state, progress, eta };
}
