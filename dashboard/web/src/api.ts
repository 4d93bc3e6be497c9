/** Calls of the dashboard's data, with the session's token, and every refusal as an error that says what to do. */
import { signal } from '@preact/signals';
import type { Alert, AlertBrowser, AlertKind, AlertRule, AlertSilence } from '../../../src/contract/alerts.ts';
import type { AuditedChange, DeadGroup } from '../../../src/contract/dead-letters.ts';
import type { FlowView } from '../../../src/contract/flow.ts';
import type { JobDetail, JobLogLine, JobSummary } from '../../../src/contract/job-view.ts';
import type { MediaKind } from '../../../src/contract/media.ts';
import type { Operation, OperationPreview, OperationRequest } from '../../../src/contract/operation.ts';
import type { Page } from '../../../src/contract/page.ts';
import { type Permission, type Role, steering } from '../../../src/contract/permissions.ts';
import type { Schedule } from '../../../src/contract/schedule.ts';
import type { JobState } from '../../../src/contract/state.ts';
import type { Json, LaneName } from '../../../src/contract/words.ts';
import type { AuditRow } from '../../../src/http/read-audit.ts';
import type { ShownKeys } from '../../handlers/api-keys.ts';
import type { Facets } from '../../handlers/count-jobs.ts';
import type { ShownAlerts } from '../../handlers/list-alerts.ts';
import type { ShownMedia } from '../../handlers/list-media.ts';
import type { ShownWorker } from '../../handlers/list-workers.ts';
import type { ShownOperators } from '../../handlers/operators.ts';
import type { PayloadDraft } from '../../handlers/show-draft.ts';
import type { ShownMetrics } from '../../handlers/show-metrics.ts';
import { here } from './router.ts';

export interface SessionInfo {
  name: string;
  csrf: string;
  role: Role;
  permissions: readonly Permission[];
  /** Of the deployment: nobody changes anything here. */
  readOnly: boolean;
  environment: string;
  /** With `{traceId}` in its place; null: traces can be looked at nowhere. */
  traceUrl: string | null;
  canLogOut: boolean;
  types: { type: string; lane: LaneName; queue: string; description: string }[];
}

export interface NewKey {
  name: string;
  scopes: readonly string[];
  tenant?: string;
  ratePerMinute?: number;
  expiresInDays?: number;
}

/** Who is logged in; null until it is known. */
export const session = signal<SessionInfo | null>(null);

/** Whether the buttons that need this permission are shown; the server asks again. */
export function may(permission: Permission): boolean {
  const who = session.value;
  return who?.permissions.includes(permission) === true && !(who.readOnly && steering.includes(permission));
}

/** A refusal, as problem+json tells it. */
export class CallError extends Error {
  readonly status: number;
  readonly fields: { pointer: string; detail: string }[];
  constructor(status: number, message: string, fields: { pointer: string; detail: string }[] = []) {
    super(message);
    this.status = status;
    this.fields = fields;
  }
}

export const getJobs = (search: string, signal?: AbortSignal) => call<Page<JobSummary>>(`jobs${search}`, { signal });
export const getJob = (id: string, signal?: AbortSignal) => call<JobDetail>(`jobs/${id}`, { signal });
export const getPayload = (id: string, signal?: AbortSignal) => call<Json>(`jobs/${id}/payload`, { signal });
export const getDraft = (id: string, signal?: AbortSignal) => call<PayloadDraft>(`jobs/${id}/draft`, { signal });
export const revealPayload = (id: string) => call<Json>(`jobs/${id}/reveal`, { method: 'POST', body: '{}' });
export const getLogs = (id: string, signal?: AbortSignal) => call<Page<JobLogLine>>(`jobs/${id}/logs`, { signal });
export const getDead = (signal?: AbortSignal) => call<{ items: DeadGroup[] }>('dead', { signal });
export const actOnJob = (
  id: string,
  action: 'retry' | 'cancel' | 'discard' | 'restore',
  body: { payload?: Json; forGood?: boolean } = {},
) => post<{ state: JobState }>(`jobs/${id}/${action}`, body);
export const actOnQueue = (lane: LaneName, queue: string, action: 'pause' | 'resume') =>
  post(`queues/${lane}/${encodeURIComponent(queue)}/${action}`);

export const getOperations = (search: string, signal?: AbortSignal) =>
  call<Page<Operation>>(`operations${search}`, { signal });
export const previewOperation = (request: OperationRequest, signal?: AbortSignal) =>
  post<OperationPreview>('operations', { ...request, dryRun: true }, signal);
export const startOperation = (request: OperationRequest) => post<Operation>('operations', request);
export const actOnOperation = (id: string, action: 'abort' | 'undo') => post<Operation>(`operations/${id}/${action}`);

export const getSchedules = (search: string, signal?: AbortSignal) =>
  call<Page<Schedule>>(`schedules${search}`, { signal });
export const actOnSchedule = (name: string, action: 'run' | 'pause' | 'resume') =>
  post(`schedules/${encodeURIComponent(name)}/${action}`);
export const setTimes = (name: string, times: Pick<Schedule, 'cron' | 'timeZone' | 'everyMs'>) =>
  post<Schedule>(`schedules/${encodeURIComponent(name)}/times`, times);

export const getWorkers = (signal?: AbortSignal) => call<{ items: ShownWorker[] }>('workers', { signal });
export const drainWorker = (id: string) => post(`workers/${id}/drain`);

export const getMetrics = (search: string, signal?: AbortSignal) => call<ShownMetrics>(`metrics${search}`, { signal });

export const getAudit = (search: string, signal?: AbortSignal) => call<Page<AuditRow>>(`audit${search}`, { signal });

export const getAlerts = (signal?: AbortSignal) => call<ShownAlerts>('alerts', { signal });
export const getPastAlerts = (search: string, signal?: AbortSignal) =>
  call<Page<Alert>>(`alerts/past${search}`, { signal });
export const acknowledgeAlert = (id: string) => post(`alerts/${id}/acknowledge`);
export const silenceAlerts = (wish: Pick<AlertSilence, 'kind' | 'target' | 'reason'> & { minutes: number }) =>
  post('silences', wish);
export const endSilence = (id: string) => post(`silences/${id}/end`);
export const setAlertRule = (rule: Omit<AlertRule, 'updatedBy'>) =>
  call<unknown>('alert-rules', { method: 'PUT', body: JSON.stringify(rule) });
export const dropAlertRule = (kind: AlertKind, target: string | null) => post('alert-rules/drop', { kind, target });
export const addChannel = (url: string) => post<{ secret: string | null }>('alert-channels', { url });
export const addBrowser = (browser: AlertBrowser) => post('alert-browsers', browser);
export const removeBrowser = (endpoint: string) => post('alert-browsers/remove', { endpoint });
export const actOnChannel = (id: string, action: 'test' | 'remove') => post(`alert-channels/${id}/${action}`);

export const getMedia = (search: string, signal?: AbortSignal) => call<ShownMedia>(`media${search}`, { signal });
export const rerunPoison = (kind: MediaKind, code: string) => post('media/poison/rerun', { kind, code });

export const getFlow = (id: string, signal?: AbortSignal) =>
  call<{ flow: FlowView | null }>(`jobs/${id}/flow`, { signal });
export const getChanges = (id: string, signal?: AbortSignal) =>
  call<{ items: AuditedChange[] }>(`jobs/${id}/changes`, { signal });
export const getFacets = (search: string, signal?: AbortSignal) => call<Facets>(`jobs/facets${search}`, { signal });

export const getKeys = (signal?: AbortSignal) => call<ShownKeys>('keys', { signal });
export const addKey = (given: NewKey) => post<{ key: string }>('keys', given);
export const rotateKey = (name: string, overlapHours: number) =>
  post<{ key: string }>(`keys/${encodeURIComponent(name)}/rotate`, { overlapHours });
export const removeKey = (name: string) => post(`keys/${encodeURIComponent(name)}/remove`, {});

export const getOperators = (signal?: AbortSignal) => call<ShownOperators>('operators', { signal });
export const addOperator = (given: { name: string; role: Role; password: string }) => post('operators', given);
export const setOperator = (name: string, change: { role?: Role; password?: string }) =>
  post(`operators/${encodeURIComponent(name)}/set`, change);
export const removeOperator = (name: string) => post(`operators/${encodeURIComponent(name)}/remove`, {});

export const setOwnPassword = (passwords: { old: string; next: string }) => post('password', passwords);

/** Learns who is logged in. */
export async function loadSession(): Promise<void> {
  session.value = await call<SessionInfo>('session');
}

export async function logOut(): Promise<void> {
  await request('logout', { method: 'POST' });
  location.assign('login');
}

const post = <T = unknown>(path: string, body: unknown = {}, signal?: AbortSignal) =>
  call<T>(path, { method: 'POST', body: JSON.stringify(body), signal });

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await request(`api/${path}`, init);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

async function request(path: string, init: RequestInit): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-csrf-token': session.value?.csrf ?? '' };
  const sent = init.method !== undefined ? { ...init, headers } : init;
  const answer = await fetch(new URL(path, document.baseURI), sent).catch((cause: unknown) => {
    if (init.signal?.aborted) throw cause;
    throw new CallError(0, 'The dashboard does not answer. It is tried again while this page is open.');
  });
  if (answer.status === 401) toLogin();
  if (!answer.ok) throw await refusal(answer);
  return answer;
}

function toLogin(): void {
  const { path, search } = here.value;
  location.assign(new URL(`login?next=${encodeURIComponent(`/${path}${search}`)}`, document.baseURI));
}

async function refusal(answer: Response): Promise<CallError> {
  if (!answer.headers.get('content-type')?.includes('json')) {
    return new CallError(answer.status, `The dashboard answered ${answer.status} ${answer.statusText}.`);
  }
  const problem = (await answer.json()) as { detail?: string; errors?: CallError['fields'] };
  return new CallError(answer.status, problem.detail ?? `The answer was ${answer.status}.`, problem.errors);
}
