/** The table of the API: every route, in the order of the reference. */
import type { Route } from '../http/route.ts';
import type { ApiDeps } from './deps.ts';
import { listAlarms } from './handlers/alarms.ts';
import { deadGroups } from './handlers/dead-groups.ts';
import { enqueueFlow } from './handlers/enqueue-flow.ts';
import { enqueueJob } from './handlers/enqueue-job.ts';
import { enqueueJobs } from './handlers/enqueue-jobs.ts';
import { getFlow } from './handlers/get-flow.ts';
import { getJob } from './handlers/get-job.ts';
import { healthz, readyz } from './handlers/health.ts';
import { jobAudit } from './handlers/job-audit.ts';
import { jobLogs } from './handlers/job-logs.ts';
import { jobPayload, revealJob } from './handlers/job-payload.ts';
import { jobResult } from './handlers/job-result.ts';
import { jobTypes } from './handlers/job-types.ts';
import { listJobs } from './handlers/list-jobs.ts';
import { poisonRoutes } from './handlers/media-poison.ts';
import { mediaRoutes } from './handlers/media-routes.ts';
import { metricsPage } from './handlers/metrics.ts';
import { cancelJob, discardJob, restoreJob, retryJob } from './handlers/move-job.ts';
import { openApi } from './handlers/openapi.ts';
import { operationRoutes } from './handlers/operations.ts';
import { pageRoutes } from './handlers/pages.ts';
import { listPauses, pauseRoutes } from './handlers/pauses.ts';
import { limitQueue, listQueues, pauseQueue, resumeQueue } from './handlers/queues.ts';
import { listRepairs } from './handlers/repairs.ts';
import { scheduleRoutes } from './handlers/schedules.ts';
import { listTenants, weighTenant } from './handlers/tenants.ts';
import { issueToken } from './handlers/tokens.ts';
import { watchJob } from './handlers/watch-job.ts';
import { webhookRoutes } from './handlers/webhooks.ts';
import { welcome } from './handlers/welcome.ts';
import { drainWorker, listWorkers } from './handlers/workers.ts';

/** All routes; OpenAPI, the access tests and the router read the same list. */
export function apiRoutes(deps: ApiDeps): readonly Route[] {
  const routes: readonly Route[] = [
    enqueueJob(deps),
    enqueueJobs(deps),
    enqueueFlow(deps),
    getFlow(deps),
    listJobs(deps),
    getJob(deps),
    jobPayload(deps),
    revealJob(deps),
    jobResult(deps),
    watchJob(deps),
    jobLogs(deps),
    cancelJob(deps),
    retryJob(deps),
    discardJob(deps),
    restoreJob(deps),
    jobAudit(deps),
    deadGroups(deps),
    ...operationRoutes(deps),
    jobTypes(deps),
    listQueues(deps),
    pauseQueue(deps),
    resumeQueue(deps),
    limitQueue(deps),
    ...pauseRoutes(deps),
    listPauses(deps),
    listAlarms(deps),
    listTenants(deps),
    weighTenant(deps),
    listWorkers(deps),
    drainWorker(deps),
    listRepairs(deps),
    ...scheduleRoutes(deps),
    ...poisonRoutes(deps),
    ...mediaRoutes({ ...deps, maxUploadBytes: deps.config.TWOLANE_MAX_UPLOAD_BYTES }),
    ...webhookRoutes(deps),
    ...(deps.product?.routes ?? []),
    issueToken(deps),
    welcome(deps),
    healthz(),
    readyz(deps),
    ...(deps.config.OPS_PORT === undefined ? [metricsPage(deps)] : []),
    openApi(() => routes),
    ...pageRoutes(),
  ];
  return routes;
}
