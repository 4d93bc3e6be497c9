/** What operators see of the fleet as a whole and do to it: its processes, the shares of tenants, pauses and alarms. */
import { refusalCodes } from './errors.ts';
import type { QueuePath } from './words.ts';

/** What can be paused: a queue by its path, a job type, or the jobs of a key in every queue. */
export type PauseTarget = QueuePath | { type: string } | { key: string };

/** Something that is paused. `name` is a queue's path, a job type or a key. */
export interface Pause {
  kind: 'queue' | 'type' | 'key';
  name: string;
  since: string;
}

/**
 * `no_scheduler`: none has been at work for half a minute. `unknown_version`: no live worker of the queue knows the version.
 * `no_worker`: nobody consumes the queue. The others say why a queue takes no more jobs.
 */
export const alarmCodes = ['no_scheduler', 'unknown_version', 'no_worker', ...refusalCodes] as const;

/** Something that will not mend itself. */
export interface Alarm {
  /** Stable and safe to switch on. */
  code: (typeof alarmCodes)[number];
  /** What it is about, such as a queue's path. */
  target: string;
  /** For a person: what is wrong and what to do. */
  message: string;
  since: string;
  /** Jobs concerned, counted up to 10,000; null where they are not counted. */
  jobs: number | null;
}

/** Whether a consumer really consumes, as its canary found. */
export interface ConsumerHealth {
  /** Since it was last given anything, or could not take more. Milliseconds. */
  silentMs: number;
  /** What is wrong with it; null while all is well. */
  late: string | null;
  /** How often it was made anew since the process started. */
  rebuilds: number;
}

/** What a worker process does for one queue. */
export interface ConsumerStatus extends ConsumerHealth {
  queue: QueuePath;
  /** Jobs that it runs at once. */
  concurrency: number;
}

/** A live process of the fleet. */
export interface WorkerStatus {
  id: string;
  host: string;
  pid: number;
  role: string;
  version: string;
  startedAt: string;
  heartbeatAt: string;
  queues: ConsumerStatus[];
  /** The job types that it can run, with the highest version of each. */
  knows: Record<string, number>;
  running: number;
  memoryBytes: number;
  /** It takes no more jobs and ends when those that it runs are done. */
  draining: boolean;
  /** When an operator asked for that; null when nobody did. */
  drainRequestedAt: string | null;
}

/** A job that a process runs now. */
export interface WorkerJob {
  id: string;
  type: string;
  queue: QueuePath;
  attempt: number;
  startedAt: string;
}

/** A tenant whose share of the queues is not the usual one. */
export interface TenantWeight {
  tenant: string;
  /** 1 to 100: so many of its jobs are released for one of a tenant of weight 1, while both have jobs waiting. */
  weight: number;
}
