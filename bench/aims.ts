/** What the benchmark should reach on two cores with all servers beside it. Ratios to a peer hold on any machine. */
import type { Measured } from './measured.ts';

/** A scenario and the key of one of its measures. */
export type Figure = readonly [name: string, key: string];

/** The figure, or its ratio to another one, must be at least or at most so much. */
export interface Aim {
  text: string;
  of: Figure;
  to?: Figure;
  least?: number;
  most?: number;
}

const realtime = (key: string): Figure => ['Twolane, real-time', key];
const bulk = (key: string): Figure => ['Twolane, bulk', key];
const slower = (system: string, key = 'rate'): Figure => [`${system}, commits 2 ms slower`, key];
const messages = (where: string): Figure => [`messages beside videos, ${where}`, 'p99'];
const api = (workers: string): Figure => [`POST /v1/jobs, workers ${workers}`, 'rate'];
const express = (workers: string): Figure => [`bare Express, workers ${workers}`, 'rate'];

export const aims: readonly Aim[] = [
  { text: 'real-time: 12,000 jobs/s', of: realtime('rate'), least: 12_000 },
  { text: 'real-time: half of plain amqplib', of: realtime('rate'), to: ['plain amqplib', 'rate'], least: 0.5 },
  { text: 'real-time: 3 × Celery', of: realtime('rate'), to: ['Celery', 'rate'], least: 3 },
  {
    text: 'real-time: 3 × Celery with publishers that wait for nothing',
    of: realtime('rate'),
    to: ['Celery, unconfirmed', 'rate'],
    least: 3,
  },
  { text: 'real-time: 40 % of graphile-worker', of: realtime('rate'), to: ['graphile-worker', 'rate'], least: 0.4 },
  { text: 'real-time: 3 × pg-boss', of: realtime('rate'), to: ['pg-boss', 'rate'], least: 3 },
  { text: 'bulk: 6,000 jobs/s', of: bulk('rate'), least: 6_000 },
  { text: 'bulk: 55 % of plain BullMQ', of: bulk('rate'), to: ['plain BullMQ', 'rate'], least: 0.55 },
  { text: 'enqueue alone: 30,000/s', of: realtime('enqueue'), least: 30_000 },
  { text: 'process alone: 10,000/s', of: realtime('process'), least: 10_000 },
  ...['enqueue', 'process'].flatMap((step): Aim[] => [
    { text: `real-time, ${step} beside 1,000,000: 90 % of empty`, of: realtime(`${step} beside`), least: 90 },
    {
      text: `real-time, ${step} beside 1,000,000 with commits 2 ms slower: 90 % of empty`,
      of: slower('Twolane, real-time', `${step} beside`),
      least: 90,
    },
  ]),
  ...['enqueue', 'dispatch', 'claim'].map((step): Aim => {
    return { text: `${step} alone beside 1,000,000: 90 % of empty`, of: ['beside a backlog', step], least: 90 };
  }),
  {
    text: 'real-time with commits 2 ms slower: 90 %',
    of: slower('Twolane, real-time'),
    to: realtime('rate'),
    least: 0.9,
  },
  { text: 'bulk with commits 2 ms slower: 90 %', of: slower('Twolane, bulk'), to: bulk('rate'), least: 0.9 },
  { text: 'enqueue to start at 500/s: p50 under 3 ms', of: realtime('p50'), most: 3 },
  { text: 'enqueue to start at 500/s: p99 under 15 ms', of: realtime('p99'), most: 15 },
  {
    text: 'enqueue to start at 500/s: p99 no more than by hand',
    of: realtime('p99'),
    to: ['a row, then a message by hand', 'p99'],
    most: 1,
  },
  { text: 'API, workers stopped: half of bare Express', of: api('stopped'), to: express('stopped'), least: 0.5 },
  { text: 'API, workers busy: half of bare Express', of: api('busy'), to: express('busy'), least: 0.5 },
  { text: 'messages beside videos and a fan-out: p99 under 500 ms', of: messages('two lanes'), most: 500 },
  {
    text: 'messages beside videos and a fan-out: p99 a tenth of one BullMQ queue with 4 at once',
    of: messages('two lanes'),
    to: messages('one BullMQ queue, 4 at once'),
    most: 0.1,
  },
  { text: 'keyed over 5,000 keys: 5,000 jobs/s', of: ['keyed, 5,000 keys', 'rate'], least: 5_000 },
  { text: 'keyed, one key: 300 jobs/s', of: ['keyed, one key', 'rate'], least: 300 },
  ...['real-time', 'bulk'].map((lane): Aim => {
    const text = `high priority behind 100,000, ${lane}: p95 one handler (20 ms) + 50 ms`;
    return { text, of: [`priority, ${lane}`, 'p95'], most: 70 };
  }),
  {
    text: 'photos: twice a decode per rendition',
    of: ['photos, whole path', 'rate'],
    to: ['photos, a decode per rendition', 'rate'],
    least: 2,
  },
  {
    text: 'photos: 95 % of plain sharp with one decode',
    of: ['photos, whole path', 'rate'],
    to: ['photos, one decode', 'rate'],
    least: 0.95,
  },
  {
    text: 'photos: 90 % of vipsthumbnail',
    of: ['photos, whole path', 'rate'],
    to: ['photos, vipsthumbnail', 'rate'],
    least: 0.9,
  },
  {
    text: 'a video: 95 % of one ffmpeg',
    of: ['a video, whole path', 'rate'],
    to: ['a video, one ffmpeg', 'rate'],
    least: 0.95,
  },
  {
    text: 'a video: something plays in a third of the time of one ffmpeg',
    of: ['a video, whole path', 'plays'],
    to: ['a video, one ffmpeg', 'took'],
    most: 1 / 3,
  },
  { text: 'fan-out: 1,000,000 deliveries in 5 s', of: ['fan-out', 'took'], most: 5 },
  { text: 'fan-out: 60 % of a bare Redis script batch', of: ['fan-out', 'share'], least: 60 },
  { text: 'feed reads at 200/s: p99 under 50 ms', of: ['feed reads', 'p99'], most: 50 },
  { text: 'event streams of one API process: 64 KiB each', of: ['event streams', 'memory of a stream'], most: 64 },
  { text: 'event streams: every message from another process comes', of: ['event streams', 'came'], least: 100 },
  { text: 'direct messages at 200/s: p99 persisted to pushed under 500 ms', of: ['direct messages', 'p99'], most: 500 },
  ...[['critical', 500] as const, ['direct', 5_000] as const, ['social', 5_000] as const].map(([name, most]): Aim => {
    const text = `notifications of class ${name} at 200/s: p99 deed to screen under ${most} ms`;
    return { text, of: ['notifications', `${name} p99`], most };
  }),
];

export type Results = ReadonlyMap<string, readonly Measured[]>;

export interface Judged {
  text: string;
  measured: string;
  met: boolean;
  /** How far from the bound, percent of it; 0 when met. */
  missedBy: number;
}

/** One line for each aim whose scenarios ran. */
export function judge(results: Results, all: readonly Aim[] = aims): Judged[] {
  return all.flatMap((aim) => judgeOne(results, aim) ?? []);
}

function judgeOne(results: Results, { text, of, to, least, most }: Aim): Judged | undefined {
  const [value, base] = [figureOf(results, of), to ? figureOf(results, to) : 1];
  if (value === undefined || base === undefined) return undefined;
  const measured = value / base;
  const met = least === undefined ? measured <= (most as number) : measured >= least;
  const missedBy = met ? 0 : Math.abs(1 - measured / ((least ?? most) as number)) * 100;
  return { text, measured: to ? `${toText(100 * measured)} %` : toText(measured), met, missedBy };
}

export function figureOf(results: Results, [name, key]: Figure): number | undefined {
  return results.get(name)?.find((measured) => measured.key === key)?.value;
}

export function toText(value: number): string {
  if (Number.isNaN(value)) return 'not measured';
  return value.toLocaleString('en', { maximumFractionDigits: value < 1 ? 3 : value < 100 ? 1 : 0 });
}
