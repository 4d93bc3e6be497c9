/** A worker: consumes queues, claims for free slots only, acks once the claim is committed, runs, and drains when told to. */
import { AbortError, type ConsumerHealth, type QueuePath, queuePath } from '../src/contract/index.ts';
import type { ClaimedJob } from '../src/ledger/claim.ts';
import { readChildren } from '../src/ledger/flows.ts';
import { Notes } from '../src/ledger/notes.ts';
import { Session } from '../src/ledger/session.ts';
import { Canary } from './canary.ts';
import { Claims } from './claims.ts';
import { Consumers } from './consumers.ts';
import { Deliveries, type Taken } from './deliveries.ts';
import type { ExecuteParts } from './execute.ts';
import { IsolatedPool } from './isolated/pool.ts';
import { Offers } from './offers.ts';
import { Overruns } from './overruns.ts';
import { RunStats } from './run-stats.ts';
import { Running } from './running.ts';
import { Settling } from './settling.ts';
import { drainGraceMs } from './steps/limits.ts';
import { composeMiddleware } from './steps/middleware.ts';
import { batchSize, typeLimits } from './type-limits.ts';
import type { WorkerOptions } from './worker-options.ts';

export class Worker {
  readonly #options: WorkerOptions;
  readonly #deliveries: Deliveries;
  readonly #session: Session;
  readonly #settling: Settling;
  readonly #notes: Notes;
  readonly #offers: Offers;
  readonly #canary: Canary;
  readonly #stats: RunStats;
  readonly #isolation: IsolatedPool | undefined;
  readonly #overruns: Overruns;
  readonly #claims: Claims;
  readonly #running: Running;
  readonly #consumers: Consumers;
  #leaveHandover = () => {};
  #draining = false;
  #stopping: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.#deliveries = new Deliveries({
      queues: options.queues.map((one) => ({ ...one, types: typeLimits(options.catalog, one.queue) })),
      total: options.total,
      clock: options.clock,
      batchOf: (type) => options.catalog[type]?.batch,
      onBatch: () => this.#claims.soon(),
    });
    this.#notes = new Notes(options);
    this.#overruns = new Overruns(options);
    this.#offers = new Offers({
      ...options,
      deliveries: this.#deliveries,
      session: () => (this.#draining ? undefined : this.#session.id),
      unpublish: (ids) => options.ledger.unpublish(ids),
      onTaken: () => this.#claims.soon(),
    });
    this.#stats = new RunStats(options);
    this.#canary = new Canary({
      everyMs: options.canaryMs,
      clock: options.clock,
      session: () => this.#session.id,
      onChange: () => this.#session.beatSoon(),
      logger: options.logger,
    });
    this.#session = new Session({
      ...options,
      // In jobs, so that the dispatcher's window can fill every batch.
      queues: options.queues.map((one) => ({
        ...one,
        concurrency: one.concurrency * batchSize(options.catalog, one.queue),
      })),
      knows: this.#offers.knows,
      liveness: () => ({
        running: this.#running.size,
        buffered: this.#deliveries.buffered,
        consumers: this.#canary.health(),
        draining: this.#draining,
      }),
      onCancel: (ids) => this.#running.abort(ids, new AbortError('cancelled', 'cancelled')),
      onOffer: (queue) => {
        if (queue === undefined || options.queues.some((own) => own.queue === queue)) this.#offers.takeSoon();
      },
      onDrain: () => this.onDrain(),
      onFirst: (queue, envelopes) => this.#offers.first(queue, envelopes),
      onLost: () => this.#running.abortAll(new AbortError('fenced', 'This process was out of touch for too long')),
    });
    this.#claims = new Claims({
      ...options,
      deliveries: this.#deliveries,
      canary: this.#canary,
      offers: this.#offers,
      session: () => this.#session.id,
      onClaimed: (taken, claimed) => this.#take(taken, claimed),
    });
    this.#consumers = new Consumers({
      ...options,
      deliveries: this.#deliveries,
      canary: this.#canary,
      stats: this.#stats,
      batchSize: (queue) => batchSize(options.catalog, queue),
      onDelivery: () => this.#claims.soon(),
    });
    this.#settling = new Settling({ ...options, session: this.#session });
    this.#isolation =
      options.isolation && new IsolatedPool({ ...options, ...options.isolation, worker: this.#session.worker });
    const parts: ExecuteParts = {
      ...options,
      notes: this.#notes,
      children: (id, all) => readChildren(options, id, all),
      around: composeMiddleware(options.middleware),
      isolation: this.#isolation,
      overrun: this.#overruns.note.bind(this.#overruns),
      settle: this.#settling.settle.bind(this.#settling),
      settleWith: this.#settling.settleWith.bind(this.#settling),
    };
    this.#running = new Running({
      parts,
      settling: this.#settling,
      stats: this.#stats,
      tracer: options.tracer,
      onFree: (queue, type) => {
        this.#deliveries.free(queue, type);
        this.#claims.soon();
      },
      logger: options.logger,
    });
  }

  /** Registers the process and starts to consume. */
  async start(): Promise<void> {
    await this.#session.start();
    this.#stats.start();
    this.#warm();
    await this.#consumers.start();
    this.#leaveHandover = this.#options.handover.add((released) => this.#offers.keep(released));
    this.#offers.takeSoon();
  }

  /** Whether each queue is really consumed here. */
  consumers(): Record<QueuePath, ConsumerHealth> {
    return this.#canary.health();
  }

  /** Takes no more work, lets running jobs finish for `drainMs`, hands the rest back without charging an attempt. */
  stop(): Promise<void> {
    this.#stopping ??= this.#drain();
    return this.#stopping;
  }

  async #drain(): Promise<void> {
    this.#draining = true;
    this.#claims.stop();
    this.#leaveHandover();
    await this.#consumers.stop();
    await this.#claims.settled();
    this.#canary.stop();
    this.#deliveries.releaseAll();
    await this.#running.finished(this.#options.drainMs);
    this.#running.abortAll(new AbortError('draining', 'The worker is shutting down'));
    await this.#running.finished(drainGraceMs + 1_000);
    await this.#isolation?.close();
    await Promise.all([this.#notes.flush(), this.#stats.stop()]);
    await this.#consumers.close();
    await this.#session.close();
  }

  /** The ledger knows what becomes of each delivery now: the brokers may forget them all. */
  #take(taken: readonly Taken[], claimed: readonly ClaimedJob[]): void {
    const byId = new Map(claimed.map((job) => [job.id, job]));
    for (const { queue, deliveries } of taken) {
      const granted: ClaimedJob[] = [];
      for (const delivery of deliveries) {
        delivery.ack();
        const job = byId.get(delivery.envelope.id);
        byId.delete(delivery.envelope.id);
        if (job) granted.push(job);
      }
      const [first, ...others] = granted;
      if (first) this.#running.start(queue, [first, ...others]);
      else this.#deliveries.free(queue, deliveries[0].envelope.type);
    }
  }

  /** `listener` is told of handlers that do not stop when they have to: the way to be free of them is a new process. */
  onOverrun(listener: (job: ClaimedJob) => void): void {
    this.#overruns.listener = listener;
  }

  /** An operator wants this worker to drain; told with each heartbeat until it stops. By default it does, and its process stays. */
  onDrain: () => void = () => void this.stop();

  /** A process of each size that this worker's queues need is there before the first job. */
  #warm(): void {
    const consumed = new Set(this.#options.queues.map(({ queue }) => queue));
    for (const { isolated, lane, queue } of Object.values(this.#options.catalog))
      if (isolated && consumed.has(queuePath(lane, queue))) this.#isolation?.warm(isolated.memoryMb);
  }
}
