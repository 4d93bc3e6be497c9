/** Step: one attempt as a span. It continues what enqueued the job, and what the handler enqueues continues it. */
import {
  type Ending,
  messagingAttributes,
  type QueuePath,
  splitQueuePath,
  type Tracer,
} from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';

export async function traced(
  tracer: Tracer,
  job: ClaimedJob,
  path: QueuePath,
  run: () => Promise<Ending>,
): Promise<Ending> {
  const { type, wait_ms: waitMs } = job;
  const parent = job.traceparent ?? undefined;
  const attributes = {
    ...messagingAttributes({ ...splitQueuePath(path), type }, 'process'),
    'messaging.message.id': job.id,
    'twolane.attempt': job.attempt,
  };
  // The time in the ledger and the broker, seen from its end.
  tracer.start({ name: `wait ${type}`, kind: 'internal', parent, startedAt: new Date(Date.now() - waitMs) }).end();
  const span = tracer.start({ name: `process ${type}`, kind: 'consumer', parent, attributes });
  job.traceparent = span.traceparent ?? null;
  try {
    const ending = await span.run(run);
    const failed = ending === 'retry' || ending === 'dead';
    span.end({ attributes: { 'twolane.outcome': ending }, ...(failed && { error: ending }) });
    return ending;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
