/** What operators see of the fleet as a whole and do to it: pauses and alarms. */
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
 * `unknown_version`: no live worker of the queue knows the version. `no_worker`: nobody consumes the queue. The others say
 * why a queue takes no more jobs.
 */
export const alarmCodes = ['unknown_version', 'no_worker', ...refusalCodes] as const;

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
