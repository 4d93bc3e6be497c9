/** The scenarios of the social product: `npm run bench -- social`. */
import { type Measured, percentiles, type Scenario, waitKeys } from '../measured.ts';
import { directMessageWaits } from './direct-messages.ts';
import { eventStreams } from './event-streams.ts';
import { type FanOutMeasured, measureFanOut } from './fan-out.ts';
import { feedReadTimes } from './feed-reads.ts';
import { likesOfOnePost } from './likes.ts';
import { mixture, notificationWaits } from './notifications.ts';

/** In the order of the report. A fan-out and its peer are measured in turns, within one scenario. */
export function socialScenarios(scale: number): Scenario[] {
  return [
    { name: 'fan-out', keys: fanOutKeys, run: async () => fanOutRow(await measureFanOut(1_000_000 * scale)) },
    {
      name: 'feed reads',
      keys: waitKeys,
      run: async () => percentiles(await feedReadTimes(200, 6 * scale), 'GET /v1/feed at 200/s, 800 posts each'),
    },
    {
      name: 'direct messages',
      keys: waitKeys,
      run: async () => percentiles(await directMessageWaits(200, 6 * scale), 'persisted to pushed at 200/s'),
    },
    {
      name: 'event streams',
      keys: ['memory of a stream', 'open', 'came', ...waitKeys],
      run: () => streams(Math.max(300, 5_000 * scale), Math.max(20, 400 * scale)),
    },
    {
      name: 'likes of one post',
      keys: ['rate'],
      run: async () => [
        {
          key: 'rate',
          value: await likesOfOnePost(10_000 * scale),
          unit: 'jobs/s',
          note: 'into one notification, from enqueue to decided',
        },
      ],
    },
    {
      name: 'notifications',
      keys: mixture.flatMap(({ name }) => waitKeys.map((key) => `${name} ${key}`)),
      run: () => notifications(Math.max(3, 5 * scale)),
    },
  ];
}

const fanOutKeys = ['rate', 'took', 'bare', 'share', 'full feed', 'short feed'];

function fanOutRow({ wholePath, seconds, bare, fullFeedBytes, shortFeedBytes }: FanOutMeasured): Measured[] {
  return [
    { key: 'rate', value: wholePath, unit: 'feeds/s', note: 'whole path, posts to 100,000 followers each' },
    { key: 'took', value: seconds, unit: 's', note: 'for all of them' },
    { key: 'bare', value: bare, unit: 'feeds/s', note: 'bare Redis script batch' },
    { key: 'share', value: (100 * wholePath) / bare, unit: '%', note: 'of it' },
    { key: 'full feed', value: fullFeedBytes / 1024, unit: 'KiB', note: 'a feed of 800 posts' },
    { key: 'short feed', value: shortFeedBytes / 1024, unit: 'KiB', note: 'a feed of some 50' },
  ];
}

/** The waits of each class. */
async function notifications(seconds: number): Promise<Measured[]> {
  const waits = await notificationWaits(200, seconds);
  return [...waits].flatMap(([name, ms]) =>
    percentiles(ms, `deed to screen at 200/s, class ${name}`).map((one) => ({ ...one, key: `${name} ${one.key}` })),
  );
}

/** Memory per stream, then messages from another API process to a part of them. */
async function streams(held: number, messages: number): Promise<Measured[]> {
  const { kibPerStream, openS, waitsMs, sent, arrived } = await eventStreams(held, messages, 100);
  const many = held.toLocaleString('en');
  return [
    {
      key: 'memory of a stream',
      value: kibPerStream,
      unit: 'KiB',
      note: `per stream of one API process that holds ${many}`,
    },
    { key: 'open', value: openS, unit: 's', note: `to open ${many}` },
    {
      key: 'came',
      value: (100 * arrived) / sent,
      unit: '%',
      note: `of ${sent} messages from another API process came`,
    },
    ...percentiles(waitsMs, 'persisted to pushed across processes at 100/s'),
  ];
}
