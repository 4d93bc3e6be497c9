/** `createTwolane`: the one place where the parts are put together. The entry files and an app of yours call nothing else. */
import { dashboardRouter } from '../dashboard/app.ts';
import type { Worker } from '../workers/run-worker.ts';
import { createAlertParts } from './alert-parts.ts';
import { apiRouter, healthRouter, metricsRouter } from './api/app.ts';
import { configOf } from './config.ts';
import type { AnyHandlers, Catalog } from './contract/index.ts';
import { createCore } from './core.ts';
import { fileStoreOf } from './files-part.ts';
import { createOidc, oidcSettingsOf } from './http/auth/oidc.ts';
import { operatorSessions } from './http/auth/operator-sessions.ts';
import { seedCredentials } from './http/auth/seed.ts';
import { createTokens } from './http/auth/tokens.ts';
import { registerLimits } from './ledger/limits.ts';
import { createMassOperations } from './ledger/mass/operations.ts';
import { migrate, platformMigrations } from './ledger/migrate.ts';
import { maintain } from './ledger/retention.ts';
import type { Scheduler } from './ledger/scheduler.ts';
import { checkDeclarations } from './ledger/schedules/declare.ts';
import { createSchedules } from './ledger/schedules/schedules.ts';
import { registerRetention } from './ledger/type-retention.ts';
import { registerMediaCodes } from './media/index.ts';
import { createMediaParts } from './media-parts.ts';
import type { Twolane, TwolaneOptions } from './options.ts';
import { createOutgoing, parseAllowed } from './outgoing/index.ts';
import { refuseInChild, withOverrides } from './overrides.ts';
import { createScheduler, createWorker, retentionOf } from './processes.ts';
import { createProductParts } from './product-parts.ts';
import { operationJob, registerQueues } from './selection.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMetrics } from './telemetry/metrics.ts';
import { createWebhookParts } from './webhook-parts.ts';
import { registerInternalTypes } from './webhooks/index.ts';

export type { ProductParts } from './contract/index.ts';
export type { Twolane, TwolaneOptions } from './options.ts';
export type { WorkerSelection } from './selection.ts';

/**
 * An installation in this process. Nothing is connected yet: `migrate()`, `start()`, then what the process is for.
 * @throws TwolaneError `invalid_configuration`, `invalid_definition`
 */
export function createTwolane<const C extends Catalog>(given: TwolaneOptions<C>): Twolane {
  const options = withOverrides(given as unknown as TwolaneOptions);
  const { catalog, schedules: declared = [] } = options;
  const config = configOf(options.config);
  checkDeclarations(catalog, declared);
  const logger = options.logger ?? createLogger({ level: config.LOG_LEVEL });
  const files = fileStoreOf(config);
  const payloadFiles = options.payloadFiles === false ? undefined : (options.payloadFiles ?? files);
  const core = createCore({ config, catalog, logger, lanes: options.lanes, files: payloadFiles });
  const { database, enqueuer, operations, events, lanes } = core;
  const tokens = createTokens(database, () => built?.product.sessions);
  const schedules = createSchedules({ database, enqueuer, catalog });
  const metrics = createMetrics({ operations, lanes: [...lanes.values()], files });
  const oidcSettings = oidcSettingsOf(config);
  const oidc = oidcSettings && createOidc(oidcSettings);
  const outgoing = createOutgoing({ allowed: parseAllowed(config.TWOLANE_OUTGOING_ALLOW) });
  const alerts = createAlertParts(core, outgoing);
  const media = createMediaParts(core, { files, outgoing, catalog });
  const massOperations = createMassOperations({
    database,
    enqueuer,
    job: () => operationJob(catalog),
    undoMs: config.TWOLANE_UNDO_MS,
  });
  const built = options.product?.(createProductParts(core, { media: media.service, tokens, outgoing }));
  const webhooks = createWebhookParts(core, { outgoing, catalog, events: built?.product.events ?? [] });
  const laneList = [...lanes.values()];
  const workers: Worker[] = [];
  const schedulers: Scheduler[] = [];
  const health = {
    catalog,
    operations,
    db: database,
    lanes: laneList,
    consumers: () => Object.assign({}, ...workers.map((worker) => worker.consumers())),
    logger,
  };
  const own = (): AnyHandlers =>
    typeof options.handlers === 'function'
      ? options.handlers({
          enqueuer: core.followUps,
          files,
          media: media.services(),
          uploads: media.uploads,
          operations: massOperations,
          webhooks: webhooks.deliverer,
        })
      : options.handlers;
  const handlers = (): AnyHandlers => ({ ...own(), ...built?.handlers });
  const close = async () => {
    media.close();
    await built?.product.close();
    await core.close();
  };
  return {
    ...enqueuer,
    operations,
    events,
    lanes,
    database,
    logger,
    config,
    catalog,
    schedules,
    massOperations,
    async migrate() {
      const applied = await migrate(database, [platformMigrations, ...(built ? [built.product.migrations] : [])]);
      await maintain(database, retentionOf(config), logger);
      await registerQueues(database, catalog);
      await registerLimits(database, catalog);
      await registerInternalTypes(database, catalog);
      await registerMediaCodes(database);
      await registerRetention(database, catalog);
      await seedCredentials(database, config);
      return applied;
    },
    start: () => core.start(),
    api: () =>
      apiRouter({
        ...health,
        config,
        enqueuer,
        schedules,
        massOperations,
        events,
        tokens,
        metrics,
        tracer: core.tracer,
        media: media.service,
        uploads: media.uploads,
        files,
        webhooks: webhooks.service,
        product: built?.product,
      }),
    health: () => healthRouter(health),
    metrics: (of) => metricsRouter({ metrics, logger }, of),
    dashboard: ({ authorize } = {}) =>
      dashboardRouter({
        catalog,
        operations,
        schedules,
        massOperations,
        events,
        lanes: laneList,
        db: database,
        alerts: alerts.book,
        media: media.service,
        files,
        product: built?.product,
        environment: config.TWOLANE_ENV,
        readOnly: config.TWOLANE_READ_ONLY,
        traceUrl: config.TWOLANE_TRACE_URL,
        logger,
        ...(authorize ? { authorize } : { login: operatorSessions({ db: database }), oidc }),
      }),
    worker: (selection = {}) => {
      refuseInChild('worker');
      const worker = createWorker({ ...options, config, core, handlers: handlers() }, selection);
      workers.push(worker);
      return worker;
    },
    isolated: () => ({ ...core, catalog, handlers: handlers(), enqueuer: core.followUps }),
    scheduler: () => {
      refuseInChild('scheduler');
      const scheduler = createScheduler({
        core,
        catalog,
        schedules: declared,
        handOverEvents: () => webhooks.handOver(),
        alerts,
      });
      schedulers.push(scheduler);
      return scheduler;
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()));
      await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
      await close();
    },
    close,
  };
}
