/** What a worker is made of and how it is set. */
import type {
  AnyHandlers,
  Catalog,
  Clock,
  Enqueuer,
  Lane,
  LaneName,
  Logger,
  Middleware,
  PayloadFiles,
  QueuePath,
  Tracer,
} from '../src/contract/index.ts';
import type { Database } from '../src/ledger/database.ts';
import type { Ledger } from '../src/ledger/ledger.ts';
import type { ReleasedEnvelope } from '../src/ledger/settle.ts';
import type { ChildOptions } from './isolated/child-process.ts';

export interface WorkerOptions {
  database: Database;
  clock: Clock;
  tracer: Tracer | undefined;
  ledger: Ledger;
  enqueuer: Enqueuer;
  /** Offers what outcomes of this process set free, before it is published. Returns the way to stop. */
  handover: { add(taker: (released: ReleasedEnvelope) => boolean): () => void };
  lanes: ReadonlyMap<LaneName, Lane>;
  catalog: Catalog;
  payloads: PayloadFiles;
  handlers: AnyHandlers;
  /** Around every handler, the first one outermost. */
  middleware: readonly Middleware[];
  /** Where isolated handlers are loaded from; undefined when there are none. */
  isolation: Pick<ChildOptions, 'app' | 'config' | 'environment'> | undefined;
  queues: readonly { queue: QueuePath; concurrency: number }[];
  /** Jobs at once over all queues. Default: no limit but those of the queues. */
  total?: number | undefined;
  host: string;
  role: string;
  version: string;
  leaseMs: number;
  /** How often a consumer that is given nothing is probed, milliseconds. */
  canaryMs: number;
  /** How long `stop` waits for running jobs before it hands them back, milliseconds. */
  drainMs: number;
  logger: Logger;
}
