/**
 * Pushes messages to the members of their thread, strictly in order. The thread is the key of its jobs, so one runs at a time;
 * a message whose job died leaves a gap, and what comes after it is parked until that job was retried or given up.
 */
import { holdThread } from '../../../jobs/realtime/hold-thread.job.ts';
import { notify } from '../../../jobs/realtime/notify.job.ts';
import { releaseThread } from '../../../jobs/realtime/release-thread.job.ts';
import type { DatabaseFor, Queryable } from '../../contract/database.ts';
import type { Enqueuer } from '../../contract/enqueuer.ts';
import { chain, job } from '../../contract/flow.ts';
import type { JobContext } from '../../contract/handler.ts';
import type { Wakes } from '../streams/wakes.ts';
import type { PushStore, Standing } from './pushes.ts';

type DeliveryContext = Pick<JobContext<void>, 'id' | 'signal' | 'settle' | 'traceparent' | 'enqueueFlow' | 'children'>;

export interface DeliveryParts {
  db: DatabaseFor;
  pushes: PushStore;
  wakes: Wakes;
  followUps: Enqueuer;
}

/** A message with what a push of it needs. */
interface Push {
  threadId: string;
  seq: number;
  memberIds: readonly string[];
  traceparent: string | undefined;
}

export class Delivery {
  readonly #parts: DeliveryParts;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
  }

  /** Pushes one message, or parks it when an earlier one of its thread could not be pushed. */
  async deliver({ threadId, seq }: { threadId: string; seq: number }, context: DeliveryContext): Promise<void> {
    const standing = await this.#parts.pushes.standing(threadId);
    if (seq <= standing.pushedSeq) return;
    if (seq > standing.pushedSeq + 1) return this.#park(threadId, seq, standing, context);
    const push = { threadId, seq, memberIds: standing.memberIds, traceparent: context.traceparent };
    await this.#push(push, (effect) => context.settle(effect));
  }

  /**
   * Goes on after the message `seq`, whose job has succeeded meanwhile, or was given up: then it is left out. Each message
   * commits by itself, so a repeated attempt goes on where the last one stopped.
   */
  async release({ threadId, seq }: { threadId: string; seq: number }, context: DeliveryContext): Promise<void> {
    const { db, pushes } = this.#parts;
    const [hold] = await context.children();
    if (hold?.state === 'cancelled') await pushes.skip(threadId, seq);
    const { pushedSeq, parkedThrough, memberIds } = await pushes.standing(threadId);
    for (let next = pushedSeq + 1; next <= parkedThrough; next += 1) {
      context.signal.throwIfAborted();
      const push = { threadId, seq: next, memberIds, traceparent: context.traceparent };
      await this.#push(push, (effect) => db(threadId).transaction(effect));
    }
    await context.settle((tx) => pushes.released(tx, threadId, context.id));
  }

  async #push(push: Push, commit: (effect: (tx: Queryable) => Promise<void>) => Promise<void>): Promise<void> {
    const { wakes } = this.#parts;
    const online = await wakes.online(push.memberIds);
    await commit((tx) => this.#write(tx, push, online));
    await wakes.wake(push.memberIds);
  }

  async #write(tx: Queryable, { threadId, seq, traceparent }: Push, online: ReadonlySet<string>): Promise<void> {
    const recipients = await this.#parts.pushes.push(tx, threadId, seq);
    const told = recipients.filter(({ userId, quiet }) => !quiet && !online.has(userId));
    const items = told.map(({ userId, senderId }) => ({
      job: notify,
      payload: { kind: 'message', actorId: senderId, recipientId: userId, objectId: threadId },
      options: { traceparent },
    }));
    if (items.length > 0) await this.#parts.followUps.enqueueIn(tx, items);
  }

  /** The first message behind the gap enqueues what goes on later: its key holds back whatever is sent from now on. */
  async #park(threadId: string, seq: number, standing: Standing, context: DeliveryContext): Promise<void> {
    const { releaseJob } = standing;
    const followed = releaseJob !== null && BigInt(releaseJob) > BigInt(context.id);
    const release = followed ? releaseJob : await this.#followUp(threadId, standing, context);
    await context.settle((tx) => this.#parts.pushes.park(tx, threadId, seq, release));
  }

  /**
   * Two jobs: the first waits until the one that left the gap has succeeded, or is cancelled when that was given up; the
   * second comes after it either way.
   */
  async #followUp(threadId: string, { pushedSeq, releaseJob, nextJob }: Standing, context: DeliveryContext) {
    const cause = releaseJob ?? nextJob;
    const payload = { threadId, seq: pushedSeq + 1 };
    const flow = await context.enqueueFlow(
      chain(
        job(holdThread, payload, { waitFor: cause === null ? undefined : [cause] }),
        job(releaseThread, payload, { onChildFailure: 'continue' }),
      ),
      { idempotencyKey: `release:${threadId}:${cause}` },
    );
    return flow.id;
  }
}
