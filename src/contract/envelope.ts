/** What travels on a lane: ids and numbers, never a payload, so that a broker holds no personal data and may be wiped. */

/** The type of probes: they travel and are claimed like jobs, but under the id of a session, and no job type may have it. */
export const canaryType = 'canary';

export interface Envelope {
  /** The job's id, a 64-bit number in decimal. */
  id: string;
  type: string;
  /** Version of the payload, so that a worker that knows only older ones can leave the job alone. */
  version: number;
  /** The job's fence when it was released; tells one release from the next. */
  fence: number;
  /** How many processes ended while they ran it: from 2 on a worker takes it alone. */
  crashes: number;
}
