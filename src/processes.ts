/** Workers and schedulers, as an installation is configured. */
import { Worker } from '../workers/run-worker.ts';
import type { Config } from './config.ts';
import type { AnyHandlers, Catalog, ScheduleDeclaration } from './contract/index.ts';
import type { Core } from './core.ts';
import type { Retention } from './ledger/retention.ts';
import { Scheduler } from './ledger/scheduler.ts';
import type { TwolaneOptions } from './options.ts';
import { isolationOf, queuesOf, type WorkerSelection } from './selection.ts';
import { version } from './version.ts';

export interface WorkerParts extends Pick<TwolaneOptions, 'catalog' | 'middleware' | 'app'> {
  config: Config;
  core: Core;
  handlers: AnyHandlers;
}

/** @throws TwolaneError `app_unknown` when a job type is isolated and nobody said where children find the handlers */
export function createWorker(parts: WorkerParts, selection: WorkerSelection): Worker {
  const { core, config, catalog, handlers, middleware = [] } = parts;
  return new Worker({
    ...core,
    enqueuer: core.followUps,
    catalog,
    handlers,
    middleware,
    isolation: isolationOf(parts),
    queues: queuesOf(catalog, selection, config),
    total: selection.total ?? config.TWOLANE_WORKER_CONCURRENCY,
    host: config.host,
    role: selection.role ?? selection.lane ?? 'worker',
    version,
    leaseMs: config.TWOLANE_LEASE_MS,
    canaryMs: config.TWOLANE_CANARY_MS,
    drainMs: config.TWOLANE_DRAIN_MS,
  });
}

export interface SchedulerParts {
  core: Core;
  catalog: Catalog;
  schedules: readonly ScheduleDeclaration[];
  handOverEvents?(): Promise<void>;
  alerts?: { watch(): Promise<void>; tell(): Promise<void> };
}

export function createScheduler({ core, catalog, schedules, handOverEvents, alerts }: SchedulerParts): Scheduler {
  const { config } = core;
  return new Scheduler({
    ...core,
    enqueuer: core.followUps,
    leaseMs: config.TWOLANE_LEASE_MS,
    pressure: {
      maxAgeMs: { realtime: config.TWOLANE_REALTIME_MAX_AGE_MS, bulk: config.TWOLANE_BULK_MAX_AGE_MS },
      maxBytes: config.TWOLANE_LEDGER_MAX_BYTES,
    },
    patrolMs: config.TWOLANE_PATROL_MS,
    retention: retentionOf(config),
    files: core.payloadStore,
    catalog,
    schedules,
    publish: (jobs) => core.publisher.publish(jobs),
    handOverEvents,
    alerts,
  });
}

export function retentionOf(config: Config): Retention {
  return {
    days: config.TWOLANE_RETENTION_DAYS,
    jobs: config.TWOLANE_RETENTION_JOBS,
    bytes: config.TWOLANE_RETENTION_BYTES,
    auditDays: config.TWOLANE_AUDIT_DAYS,
  };
}
