/** What the benchmark should reach on two cores with all servers beside it. Ratios to a peer hold on any machine. */
import type { Measured } from './measured.ts';

interface Aim {
  text: string;
  /** Undefined when a scenario it needs was left out. */
  met(value: (name: string, index?: number) => number | undefined): boolean | undefined;
}

const atLeast = (text: string, name: string, index: number, least: number): Aim => ({
  text,
  met: (value) => compare(value(name, index), least, (a, b) => a >= b),
});
const atMost = (text: string, name: string, index: number, most: number): Aim => ({
  text,
  met: (value) => compare(value(name, index), most, (a, b) => a <= b),
});
const ratio = (text: string, name: string, peer: string, share: number): Aim => ({
  text,
  met: (value) => compare(value(name), (value(peer) ?? Number.NaN) * share, (a, b) => a >= b),
});

const noMore = (text: string, name: string, index: number, peer: string): Aim => ({
  text,
  met: (value) => compare(value(name, index), value(peer, index) ?? Number.NaN, (a, b) => a <= b),
});

const byHand = 'latency, plain insert and amqplib';

const aims: readonly Aim[] = [
  atLeast('real-time: 12,000 jobs/s', 'real-time, whole path', 0, 12_000),
  ratio('real-time: half of plain amqplib', 'real-time, whole path', 'plain amqplib', 0.5),
  atLeast('bulk: 6,000 jobs/s', 'bulk, whole path', 0, 6_000),
  ratio('bulk: 55 % of plain BullMQ', 'bulk, whole path', 'plain BullMQ', 0.55),
  atLeast('held enqueue: 30,000/s', 'backlog', 0, 30_000),
  atLeast('1,000,000 waiting: 10,000 jobs/s', 'backlog', 1, 10_000),
  ...['enqueue', 'dispatch', 'claim'].map((step, index) =>
    atLeast(`${step} beside 1,000,000 waiting: 90 % of the rate with none`, 'beside a backlog', index, 90),
  ),
  atLeast('keyed over 5,000 keys: 5,000 jobs/s', 'keyed, 5,000 keys', 0, 5_000),
  atLeast('keyed, one key: 300 jobs/s', 'keyed, one key', 0, 300),
  atMost('enqueue to start at 500/s: p50 under 3 ms', 'latency, real-time', 0, 3),
  atMost('enqueue to start at 500/s: p99 under 15 ms', 'latency, real-time', 1, 15),
  noMore('enqueue to start at 500/s: p99 no more than by hand', 'latency, real-time', 1, byHand),
  atMost('high priority behind 100,000, real-time: p95 one handler (20 ms) + 50 ms', 'priority, real-time', 1, 70),
  atMost('high priority behind 100,000, bulk: p95 one handler (20 ms) + 50 ms', 'priority, bulk', 1, 70),
  ratio('photos: twice a decode per rendition', 'photos, whole path', 'photos, a decode per rendition', 2),
  ratio('photos: 95 % of plain sharp with one decode', 'photos, whole path', 'photos, one decode', 0.95),
  ratio('photos: 90 % of vipsthumbnail', 'photos, whole path', 'photos, vipsthumbnail', 0.9),
  ratio('a video: 95 % of one ffmpeg', 'a video, whole path', 'a video, one ffmpeg', 0.95),
  {
    text: 'a video: something plays in a third of the time of one ffmpeg',
    met: (value) =>
      compare(value('a video, whole path', 1), (value('a video, one ffmpeg', 1) ?? Number.NaN) / 3, (a, b) => a < b),
  },
  atMost('fan-out: 1,000,000 deliveries in 5 s', 'fan-out', 1, 5),
  atLeast('fan-out: 60 % of a bare Redis script batch', 'fan-out', 3, 60),
  atMost('feed reads at 200/s: p99 under 50 ms', 'feed reads', 1, 50),
  atMost('event streams of one API process: at most 64 KiB each', 'event streams', 0, 64),
  atLeast('event streams: every message from another process comes', 'event streams', 2, 100),
  atMost('notifications of class critical at 200/s: p99 deed to screen under 500 ms', 'notifications', 1, 500),
  atMost('notifications of class direct at 200/s: p99 deed to screen under 5 s', 'notifications', 3, 5_000),
  atMost('notifications of class social at 200/s: p99 deed to screen under 5 s', 'notifications', 5, 5_000),
  atMost('direct messages at 200/s: p99 persisted to pushed under 500 ms', 'direct messages', 1, 500),
];

/** One line per aim whose scenarios ran. */
export function judge(results: ReadonlyMap<string, Measured[]>): { text: string; met: boolean }[] {
  const value = (name: string, index = 0) => results.get(name)?.[index]?.value;
  return aims.flatMap((aim) => {
    const met = aim.met(value);
    return met === undefined ? [] : [{ text: aim.text, met }];
  });
}

/** What a feature costs: the rate of jobs that use it as a share of the rate of plain ones, in the same run. */
const costs: readonly { text: string; name: string; plain: string; index?: number }[] = [
  { text: 'order over 5,000 keys', name: 'keyed, 5,000 keys', plain: 'plain, 40,000 jobs' },
  { text: 'turns between 1,000 tenants, enqueue', name: 'backlog of 1,000 tenants', plain: 'backlog' },
  { text: 'turns between 1,000 tenants, drain', name: 'backlog of 1,000 tenants', plain: 'backlog', index: 1 },
  { text: 'concurrency and rate of the type', name: 'limits of the type', plain: 'plain, 40,000 jobs' },
  { text: 'concurrency of 5,000 keys', name: 'limits of 5,000 keys', plain: 'plain, 40,000 jobs' },
  { text: 'flows of 10', name: 'flows of 10 jobs', plain: 'plain, 40,000 jobs' },
  { text: 'batches', name: 'batches of up to 100', plain: 'plain, 40,000 jobs' },
];

/** One line per feature whose scenarios ran. */
export function costsOf(results: ReadonlyMap<string, Measured[]>): string[] {
  return costs.flatMap(({ text, name, plain, index = 0 }) => {
    const [with_, without] = [results.get(name)?.[index]?.value, results.get(plain)?.[index]?.value];
    return with_ && without ? [`${Math.round((100 * with_) / without)} %  ${text}`] : [];
  });
}

function compare(
  value: number | undefined,
  bound: number,
  fits: (a: number, b: number) => boolean,
): boolean | undefined {
  return value === undefined || Number.isNaN(bound) ? undefined : fits(value, bound);
}
