/** The ledger on PostgreSQL: the batchers of the hot path and the queries beside it, put together. */
import type { InsertedJob, NewJob, Queryable } from '../contract/index.ts';
import { Batcher } from './batcher.ts';
import { type ClaimedJob, claimJobs } from './claim.ts';
import { type Database, isUnavailable } from './database.ts';
import { insertFlow } from './flows.ts';
import { insertJobs } from './insert.ts';
import { type EndedJob, type ReleasedEnvelope, type Settlement, settleJobs } from './settle.ts';

export interface LedgerOptions {
  database: Database;
  /** Logical shard of new ids. */
  shard: number;
  /** Told of jobs that an outcome set free, to publish them. */
  onReleased(released: readonly ReleasedEnvelope[]): void;
}

export interface Ledger {
  insert(job: NewJob): Promise<InsertedJob>;
  insertMany(jobs: readonly NewJob[], options: { direct: boolean; tx?: Queryable }): Promise<InsertedJob[]>;
  /** All jobs of a flow or none, through a transaction where given. */
  insertFlow(
    jobs: readonly NewJob[],
    options: { direct: boolean; tx?: Queryable; idempotencyKey?: string; tenant?: string },
  ): ReturnType<typeof insertFlow>;
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  claim(session: number, ids: readonly string[], alone: boolean): Promise<ClaimedJob[]>;
  /** True when the outcome was taken, false when the job belongs to somebody else by now. */
  settle(ended: EndedJob, worker: string): Promise<boolean>;
  /** Settles in somebody's transaction; what it set free is told to `publish` after the commit. */
  settleIn(tx: Queryable, ended: readonly EndedJob[], worker: string): Promise<Settlement>;
  released(released: readonly ReleasedEnvelope[]): void;
  unpublish(ids: readonly string[]): Promise<void>;
  drain(): Promise<void>;
}

// A refused row is the caller's; an unreachable database is everybody's, and halving the batch would not help.
const bisect = (error: unknown) => !isUnavailable((error as { cause?: unknown }).cause ?? error);

export function createLedger({ database, shard, onReleased }: LedgerOptions): Ledger {
  const inserts = (parallel: number) =>
    new Batcher<NewJob, InsertedJob>({
      name: 'enqueue',
      parallel,
      run: (jobs) => database.retrying(() => insertJobs(database.hot, jobs, { direct: true, shard })),
      bisect,
    });
  // Jobs of a key get their ids in the order of the calls; those without need not wait until a commit before theirs is over.
  const ordered = inserts(1);
  const free = inserts(2);
  const outcomes = new Batcher<{ ended: EndedJob; worker: string }, boolean>({
    name: 'settle',
    parallel: 2,
    besideFrom: 128,
    async run(items) {
      const worker = items[0]?.worker ?? '';
      const { settled, released } = await database.retrying(() =>
        settleJobs(
          database.hot,
          items.map((item) => item.ended),
          worker,
        ),
      );
      if (released.length > 0) onReleased(released);
      return items.map((item) => settled.has(item.ended.id));
    },
    bisect,
  });
  return {
    insert: (job) => (job.key ? ordered : free).add(job),
    insertMany: (jobs, { direct, tx }) =>
      tx
        ? insertJobs(database.rewriter.through(tx), jobs, { direct, shard })
        : database.retrying(() => insertJobs(database, jobs, { direct, shard })),
    insertFlow: (jobs, { tx, ...options }) =>
      tx
        ? insertFlow(database.rewriter.through(tx), jobs, { ...options, shard })
        : database.retrying(() => insertFlow(database, jobs, { ...options, shard })),
    transaction: (work) => database.transaction(work),
    claim: (session, ids, alone) => database.retrying(() => claimJobs(database.relaxed, session, ids, alone)),
    settle: (ended, worker) => outcomes.add({ ended, worker }),
    settleIn: (tx, ended, worker) => settleJobs(tx, ended, worker),
    released: onReleased,
    async unpublish(ids) {
      await database.retrying(() => database.query('select twolane.unpublish($1)', [`{${ids.join(',')}}`]));
    },
    async drain() {
      await Promise.all([ordered.drain(), free.drain(), outcomes.drain()]);
    },
  };
}
