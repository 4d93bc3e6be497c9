/** The core of an installation, without products and HTTP: database, ledger, lanes, publisher and enqueuer, put together. */
import type { Config } from './config.ts';
import type {
  Catalog,
  Clock,
  Enqueuer,
  FileStore,
  JobEvents,
  Lane,
  LaneName,
  Logger,
  Operations,
  PayloadFiles,
  Tracer,
} from './contract/index.ts';
import { realClock } from './contract/index.ts';
import { createBackPressure } from './enqueue/back-pressure.ts';
import { createEnqueuer } from './enqueue/enqueuer.ts';
import { Handover } from './enqueue/handover.ts';
import { createPayloadFiles } from './enqueue/payload-files.ts';
import { Publisher } from './enqueue/publisher.ts';
import { QueueFacts } from './enqueue/queue-facts.ts';
import { createSecretFields } from './enqueue/secret-fields.ts';
import { tracedEnqueuer } from './enqueue/traced.ts';
import { bulkLane } from './lanes/bulk/lane.ts';
import { realtimeLane } from './lanes/realtime/lane.ts';
import { type Database, openDatabase } from './ledger/database.ts';
import { createJobEvents } from './ledger/job-events.ts';
import { createLedger, type Ledger } from './ledger/ledger.ts';
import { announceFiles } from './ledger/loose-files.ts';
import { createOperations } from './ledger/operations.ts';
import { schemaOf } from './ledger/schema.ts';
import { openTelemetryTracer, startOpenTelemetry } from './telemetry/tracing.ts';
import { version } from './version.ts';

export interface Core {
  config: Config;
  logger: Logger;
  clock: Clock;
  /** Undefined while nothing is traced. */
  tracer: Tracer | undefined;
  database: Database;
  lanes: ReadonlyMap<LaneName, Lane>;
  ledger: Ledger;
  publisher: Publisher;
  handover: Handover;
  /** For requests and the library's users: refuses jobs of queues in trouble. */
  enqueuer: Enqueuer;
  /** For what follows from accepted work, in handlers and schedules: never refused. */
  followUps: Enqueuer;
  operations: Operations;
  events: JobEvents;
  payloads: PayloadFiles;
  payloadStore: FileStore | undefined;
  /** Connects the lanes in the background. */
  start(): Promise<void>;
  /** Waits for what is under way and lets every connection go. */
  close(): Promise<void>;
}

export interface CoreOptions {
  config: Config;
  catalog: Catalog;
  logger: Logger;
  /** Stands in for a lane, such as the memory lane in tests. */
  lanes?: Partial<Record<LaneName, Lane>>;
  /** Where large payloads go; undefined refuses them. */
  files?: FileStore;
  /** Stand in for PostgreSQL and for real time, in tests. */
  database?: Database;
  clock?: Clock;
}

export function createCore(options: CoreOptions): Core {
  const { config, catalog, logger, files, lanes: given = {}, clock = realClock } = options;
  const prefix = config.TWOLANE_PREFIX;
  const database =
    options.database ??
    openDatabase({
      url: config.DATABASE_URL,
      directUrl: config.directUrl,
      schema: config.TWOLANE_SCHEMA ?? schemaOf(prefix),
      size: config.TWOLANE_DATABASE_POOL,
      onError: (error) => logger.warn({ error }, 'A connection to PostgreSQL broke; the pool makes another'),
    });
  const lanes = new Map<LaneName, Lane>([
    [
      'realtime',
      given.realtime ??
        realtimeLane({
          url: config.AMQP_URL,
          prefix,
          queues: config.TWOLANE_RABBITMQ_QUEUES,
          management: config.TWOLANE_RABBITMQ_MANAGEMENT_URL,
          logger,
        }),
    ],
    ['bulk', given.bulk ?? bulkLane({ url: config.REDIS_URL, prefix, logger })],
  ]);
  const ledger = createLedger({
    database,
    shard: config.TWOLANE_SHARD,
    onReleased: (released) => publisher.publish(handover.offer(released)),
  });
  const handover = new Handover();
  const facts = new QueueFacts({ database, logger });
  const publisher = new Publisher({
    lanes,
    packOf: (queue) => facts.of(queue)?.pack ?? 1,
    unpublish: (ids) => ledger.unpublish(ids),
    logger,
  });
  const payloads = createPayloadFiles({
    files,
    inlineBytes: config.TWOLANE_INLINE_PAYLOAD_BYTES,
    maxBytes: config.TWOLANE_MAX_PAYLOAD_BYTES,
    secrets: createSecretFields(config.TWOLANE_SECRET_KEYS, catalog),
    announce: (keys) => announceFiles(database, keys),
  });
  const enqueueing = { ledger, publisher, payloads };
  const events = createJobEvents(database, logger);
  const tracer = config.TWOLANE_TRACES === 'off' ? undefined : openTelemetryTracer(version);
  const traced = (enqueuer: Enqueuer) => (tracer ? tracedEnqueuer(enqueuer, tracer) : enqueuer);
  let endTraces: (() => Promise<void>) | undefined;
  return {
    config,
    logger,
    clock,
    tracer,
    database,
    lanes,
    ledger,
    publisher,
    handover,
    payloads,
    payloadStore: files,
    enqueuer: traced(createEnqueuer({ ...enqueueing, admit: createBackPressure(facts) })),
    followUps: traced(createEnqueuer(enqueueing)),
    operations: createOperations({ database, lanes, catalog, payloads, undoMs: config.TWOLANE_UNDO_MS }),
    events,
    async start() {
      if (config.TWOLANE_TRACES === 'export') endTraces ??= await startOpenTelemetry();
      await Promise.all([...lanes.values()].map((lane) => lane.start()));
    },
    async close() {
      events.close();
      await ledger.drain();
      await publisher.drain();
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
      await database.close();
      await endTraces?.();
    },
  };
}
