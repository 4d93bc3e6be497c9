/** The shared words that name where and how urgently a job runs. Pure data; every other module takes them from here. */

/** A transport with its own promise: `realtime` travels on RabbitMQ, `bulk` on BullMQ. */
export const laneNames = ['realtime', 'bulk'] as const;
export type LaneName = (typeof laneNames)[number];

/** Priorities from first to last; the ledger stores the position in this list. */
export const priorities = ['urgent', 'high', 'normal', 'low'] as const;
export type Priority = (typeof priorities)[number];

/** A queue inside its lane, as the ledger and the dashboard name it: `realtime/feed`. */
export type QueuePath = `${LaneName}/${string}`;

export function queuePath(lane: LaneName, queue: string): QueuePath {
  return `${lane}/${queue}`;
}

/** Splits a queue path; throws on a text that names no lane. */
export function splitQueuePath(path: string): { lane: LaneName; queue: string } {
  const slash = path.indexOf('/');
  const lane = path.slice(0, slash);
  if (!laneNames.includes(lane as LaneName)) throw new TypeError(`"${path}" is not a queue path such as realtime/feed`);
  return { lane: lane as LaneName, queue: path.slice(slash + 1) };
}

/** Anything JSON can hold: what payloads, results and metadata are. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** Whether a text from outside can be a 64-bit id: digits without a leading zero, below 2^63. */
export function isId(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text) && BigInt(text) < 2n ** 63n;
}
