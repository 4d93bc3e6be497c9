/**
 * What `import … from 'twolane'` gives: an explicit list, and all of it is public. `test/unit/library/surface.test.ts` pins
 * it; whatever is not here may change in any release.
 */
export type { Authorize, KnownOperator } from '../dashboard/deps.ts';
export { platformJobs } from '../jobs/catalog.ts';
export { platformHandlers } from '../jobs/handlers.ts';
export { platformSchedules } from '../jobs/schedules.ts';
export type { PlatformServices } from '../jobs/services.ts';
export { type Config, type GivenSettings, loadConfig } from './config.ts';
export {
  AbortError,
  type AnyHandlers,
  type Backoff,
  type BackoffOptions,
  BackPressureError,
  type BatchContext,
  type BatchHandler,
  type BatchItem,
  type Catalog,
  type ChildJob,
  ConflictError,
  chain,
  chord,
  defineJob,
  defineSchedule,
  type Enqueue,
  type EnqueuedFlow,
  type EnqueuedJob,
  type EnqueueItem,
  type EnqueueOptions,
  type Enqueuer,
  FencedError,
  type FieldProblem,
  type FileStore,
  type Flow,
  type FlowOptions,
  type Handler,
  type HandlersOf,
  InvalidPayloadError,
  InvalidScheduleError,
  type JobContext,
  type JobDefinition,
  type JobDetail,
  type JobError,
  type JobEvent,
  type JobFilter,
  type JobOptions,
  type JobState,
  type JobSummary,
  type Json,
  type JsonObject,
  job,
  type LaneName,
  type Logger,
  type Middleware,
  type MiddlewareJob,
  NonRetryableError,
  OverloadedError,
  type PayloadInput,
  type PayloadOf,
  type Priority,
  parallel,
  type Queryable,
  type ResultOf,
  RetryAfterError,
  resultsOf,
  type ScheduleDeclaration,
  silentLogger,
  TwolaneError,
  UnknownJobTypeError,
} from './contract/index.ts';
export { fromKysely, type KyselyTransaction } from './kysely.ts';
export type { Settings } from './settings.ts';
export { createTwolane, type Twolane, type TwolaneOptions, type WorkerSelection } from './twolane.ts';
export { version } from './version.ts';
