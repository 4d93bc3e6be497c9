/** Every data call of the operator's pages, one row each. Paths are below where the dashboard is mounted. */
import type { Route } from '../src/http/route.ts';
import { addAlertBrowser, removeAlertBrowser } from './handlers/alert-browsers.ts';
import { addAlertChannel, steerAlertChannel } from './handlers/alert-channels.ts';
import { addKey, listKeys, removeKey, rotateKey } from './handlers/api-keys.ts';
import { cancelJob } from './handlers/cancel-job.ts';
import { countJobs } from './handlers/count-jobs.ts';
import { discardJob } from './handlers/discard-job.ts';
import { drainWorker } from './handlers/drain-worker.ts';
import { followJob } from './handlers/follow-job.ts';
import { followOverview } from './handlers/follow-overview.ts';
import { listAlerts, listPastAlerts } from './handlers/list-alerts.ts';
import { listAudit } from './handlers/list-audit.ts';
import { listChanges } from './handlers/list-changes.ts';
import { listDeadGroups } from './handlers/list-dead-groups.ts';
import { listJobLogs } from './handlers/list-job-logs.ts';
import { listJobs } from './handlers/list-jobs.ts';
import { listMedia, rerunPoison } from './handlers/list-media.ts';
import { listOperations } from './handlers/list-operations.ts';
import { listSchedules } from './handlers/list-schedules.ts';
import { listWorkers } from './handlers/list-workers.ts';
import { dropOperator, makeOperator, setOperator, showOperators } from './handlers/operators.ts';
import { setOwnPassword } from './handlers/own-password.ts';
import { pauseKey, pauseType, resumeKey, resumeType } from './handlers/pause-jobs.ts';
import { pauseQueue } from './handlers/pause-queue.ts';
import { restoreJob } from './handlers/restore-job.ts';
import { resumeQueue } from './handlers/resume-queue.ts';
import { retryJob } from './handlers/retry-job.ts';
import { revealJob } from './handlers/reveal-job.ts';
import { dropAlertRule, setAlertRule } from './handlers/set-alert-rule.ts';
import { showDraft } from './handlers/show-draft.ts';
import { showFlow } from './handlers/show-flow.ts';
import { showJob } from './handlers/show-job.ts';
import { showMetrics } from './handlers/show-metrics.ts';
import { showOverview } from './handlers/show-overview.ts';
import { showPayload } from './handlers/show-payload.ts';
import { showPicture } from './handlers/show-picture.ts';
import { showSession } from './handlers/show-session.ts';
import { startOperationRoute } from './handlers/start-operation.ts';
import { acknowledgeAlert, endSilence, silenceAlerts } from './handlers/steer-alerts.ts';
import { steerOperationRoute } from './handlers/steer-operation.ts';
import { steerSchedule } from './handlers/steer-schedule.ts';
import { timeSchedule } from './handlers/time-schedule.ts';
import type { Services } from './services.ts';

const rows: readonly ((services: Services) => Route)[] = [
  showSession,
  showOverview,
  followOverview,
  listJobs,
  countJobs,
  showJob,
  showPayload,
  revealJob,
  showDraft,
  listJobLogs,
  followJob,
  retryJob,
  cancelJob,
  discardJob,
  restoreJob,
  pauseQueue,
  resumeQueue,
  pauseType,
  resumeType,
  pauseKey,
  resumeKey,
  listDeadGroups,
  listOperations,
  startOperationRoute,
  steerOperationRoute,
  listSchedules,
  timeSchedule,
  steerSchedule,
  listWorkers,
  drainWorker,
  showMetrics,
  listAudit,
  listAlerts,
  listPastAlerts,
  acknowledgeAlert,
  silenceAlerts,
  endSilence,
  setAlertRule,
  dropAlertRule,
  addAlertChannel,
  steerAlertChannel,
  addAlertBrowser,
  removeAlertBrowser,
  listMedia,
  rerunPoison,
  showPicture,
  showFlow,
  listChanges,
  listKeys,
  addKey,
  rotateKey,
  removeKey,
  showOperators,
  makeOperator,
  setOperator,
  dropOperator,
  setOwnPassword,
];

export const dashboardRoutes = (services: Services): Route[] => rows.map((row) => row(services));
