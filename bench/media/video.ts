/** A video: the whole path from the upload to ready, against one call of ffmpeg that makes the same rungs, poster and storyboard. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Installation, type Seen } from '../../scripts/media/installation.ts';
import { clip } from '../../test/support/videos.ts';
import type { Measured } from '../measured.ts';
import { MemoryWatch } from './memory.ts';

const run = promisify(execFile);

interface Rung {
  size: string;
  peak: number;
}

/** What the whole path made of the video, so that the peer makes the same. */
let made: Rung[] = [];

/** What phones write has grain and many bits; what fits the largest rung as it is has few. */
const rates = { phone: ['17M', 'noise=alls=12:allf=t'], fitting: ['4M', 'noise=alls=2:allf=t'] } as const;
type Kind = keyof typeof rates;

async function withClip<T>(
  seconds: number,
  use: (file: string, folder: string) => Promise<T>,
  kind: Kind = 'phone',
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'twolane-video-'));
  try {
    const file = join(folder, 'clip.mp4');
    const [rate, grain] = rates[kind];
    const options = ['-vf', grain, '-g', '60', '-b:v', rate, '-maxrate', rate, '-bufsize', rate, '-map_metadata', '-1'];
    await clip(file, { width: 1920, height: 1080, fps: 30, seconds, options });
    return await use(file, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Seconds of video per second, then seconds until something plays and until all is there. */
export function wholePath(seconds: number, kind: Kind = 'phone'): Promise<Measured[]> {
  const work = async (file: string, folder: string): Promise<Measured[]> => {
    const installation = await Installation.start();
    try {
      await clip(join(folder, 'warm.mp4'), { width: 64, height: 64, seconds: 1 });
      await installation.process([join(folder, 'warm.mp4')]);
      const memory = new MemoryWatch(installation.pid);
      const startedAt = performance.now();
      const since = () => (performance.now() - startedAt) / 1_000;
      const { id } = (await (await installation.upload(file)).json()) as { id: string };
      await seen(installation, id, ({ video }) => video?.hls !== undefined);
      const firstS = since();
      const { video } = await seen(installation, id, ({ state }) => state === 'ready');
      const allS = since();
      made = rungsOf(await (await fetch(installation.url + (video?.hls ?? ''))).text());
      const how = video?.whyNotStandard.length ? '' : ', the largest one copied';
      return [
        { key: 'rate', value: seconds / allS, unit: '× real time' },
        { key: 'plays', value: firstS, unit: 's', note: 'until something plays' },
        {
          key: 'took',
          value: allS,
          unit: 's',
          note: `until all is there: ${made.map(({ size }) => size).join(', ')}${how}`,
        },
        ...memory.stop(),
      ];
    } finally {
      await installation.stop();
    }
  };
  return withClip(seconds, work, kind);
}

async function seen(installation: Installation, id: string, fits: (now: Seen) => boolean): Promise<Seen> {
  for (;;) {
    const now = await installation.look(id);
    if (now?.state === 'failed') throw new Error(`The video failed: ${now.error?.code}`);
    if (now && fits(now)) return now;
    await sleep(20);
  }
}

/** The largest first. */
function rungsOf(master: string): Rung[] {
  const found = [...master.matchAll(/[:,]BANDWIDTH=(\d+).*?RESOLUTION=(\d+x\d+)/g)];
  return found
    .map(([, peak, size = '']) => ({ size, peak: Number(peak) }))
    .sort((a, b) => Number.parseInt(b.size, 10) - Number.parseInt(a.size, 10));
}

/** The same rungs as HLS and DASH over the same segments, sound, poster and storyboard, by one decode. No progressive file. */
export function oneFfmpeg(seconds: number): Promise<Measured[]> {
  return withClip(seconds, async (file, folder) => {
    await mkdir(join(folder, 'output'));
    const startedAt = performance.now();
    await run('ffmpeg', peerArguments(file), { cwd: join(folder, 'output') });
    const tookS = (performance.now() - startedAt) / 1_000;
    return [
      { key: 'rate', value: seconds / tookS, unit: '× real time' },
      { key: 'took', value: tookS, unit: 's', note: 'until all is there' },
    ];
  });
}

function peerArguments(file: string): string[] {
  if (made.length === 0) throw new Error('The whole path has to run before: it says which rungs to make');
  const from = (place: number) => (place === 0 ? '[all]' : `[next${place}]`);
  const ladder = made.map(({ size }, place) => {
    const to = place === made.length - 1 ? `[rung${place}]` : `,split[rung${place}][next${place + 1}]`;
    return `${from(place)}scale=${size.replace('x', ':')}:flags=bicubic,format=yuv420p${to}`;
  });
  const graph = [
    '[0:v]split=3[all][poster][sheet]',
    ...ladder,
    "[poster]select='gte(t,1)',scale=1440:-2[still]",
    '[sheet]fps=1/2,scale=160:-2,tile=10x10[tiles]',
  ];
  const rungs = made.flatMap(({ peak }, place) => [
    ...['-map', `[rung${place}]`, `-b:v:${place}`, String(peak)],
    ...[`-maxrate:v:${place}`, String(peak), `-bufsize:v:${place}`, String(2 * peak)],
  ]);
  return [
    ...['-nostdin', '-v', 'error', '-i', file, '-filter_complex', graph.join(';'), ...rungs, '-map', '0:a'],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23'],
    ...[
      '-force_key_frames',
      'expr:gte(t,n_forced*2)',
      '-g',
      '600',
      '-sc_threshold',
      '0',
      '-c:a',
      'aac',
      '-b:a',
      '128k',
    ],
    ...['-f', 'dash', '-seg_duration', '4', '-hls_playlist', '1'],
    ...['-adaptation_sets', 'id=0,streams=v id=1,streams=a', 'manifest.mpd'],
    ...['-map', '[still]', '-frames:v', '1', '-update', '1', 'poster.jpg'],
    ...['-map', '[tiles]', '-frames:v', '1', '-update', '1', 'storyboard.jpg'],
  ];
}
