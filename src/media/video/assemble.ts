/** From encoded pieces to the folder that is published: segments, manifests, the progressive file, the storyboard. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NonRetryableError } from '../../contract/index.ts';
import type { StoredVideo } from '../store.ts';
import type { AnnouncedFile, AnnouncedVideo } from '../verify/index.ts';
import { pack, together } from './decode.ts';
import { maxFps, type Rung, usualFrameS } from './ladder.ts';
import {
  codecsOf,
  dashManifest,
  type Manifested,
  masterPlaylist,
  segmentsOf,
  subtitlesPlaylist,
  textPlaylist,
  withTimeline,
} from './manifests.ts';
import { type Measured, measure, sum } from './measure.ts';
import { names, progressiveCall, segmentsCall, type ToPackage } from './package-call.ts';
import type { Bench } from './parts.ts';
import { runFfmpeg } from './run.ts';
import { sheetCall } from './still-calls.ts';
import { planSheet, storyboardVtt } from './storyboard.ts';

export interface Pieces {
  rungs: readonly Rung[];
  /** A transport stream for each rung. */
  pictures: readonly string[];
  /** In each of them. */
  frames: number;
  sound: string | undefined;
  subtitles: readonly { language: string; file: string }[];
}

export interface Packaged {
  video: Partial<StoredVideo>;
  files: AnnouncedFile[];
}

const sheetName = 'storyboard.jpg';
const sheetCues = 'storyboard.vtt';
/** Below the folder that is published. */
export const videoFolder = 'video';

export interface Packing {
  /** Gets the folder `video`. */
  output: string;
  signal: AbortSignal;
}

/**
 * All that is published beside the poster.
 * @throws NonRetryableError `incomplete_video` when the source ended before its header said
 */
export async function packageAll(bench: Bench, pieces: Pieces, packing: Packing): Promise<Packaged> {
  const [streams, rest] = await together(packing.signal, [
    (signal) => packageStreams(bench, pieces, { ...packing, signal }),
    (signal) => packageRest(bench, pieces, { ...packing, signal }),
  ]);
  const folder = join(packing.output, videoFolder);
  const largest = { ...pieces, rungs: pieces.rungs.slice(-1) };
  const progressive = announce(bench, largest, `${videoFolder}/${names.mp4}`, await longestOf(folder, pieces));
  return { video: { ...streams.video, ...rest.video }, files: [...streams.files, progressive, ...rest.files] };
}

/** Segments and manifests: what a player needs. Throws as `packageAll` does. */
export async function packageStreams(bench: Bench, pieces: Pieces, { output, signal }: Packing): Promise<Packaged> {
  const folder = join(output, videoFolder);
  await mkdir(folder, { recursive: true });
  await pack(segmentsCall(toPackage(bench, pieces), bench.limits), { cwd: folder, signal });
  const count = pieces.rungs.length + (pieces.sound === undefined ? 0 : 1);
  const frameS = usualFrameS(bench.info);
  const streams = await Promise.all(
    Array.from({ length: count }, (_each, at) => measure(folder, at, at < pieces.rungs.length ? frameS : undefined)),
  );
  const lastsS = Math.max(...streams.map((each) => each.durationS));
  checkLength(bench, lastsS);
  const rungs = pieces.rungs.map((rung, index) => ({ ...rung, ...rateOf(streams, index) }));
  const sound = pieces.sound === undefined ? undefined : rateOf(streams, rungs.length);
  const fps = Math.min(bench.info.fps, maxFps);
  await writeManifests(folder, { rungs, sound, fps, subtitles: pieces.subtitles }, lastsS);
  const announced = announce(bench, pieces, `${videoFolder}/${names.master}`, rateOf(streams, 0).durationS);
  return {
    files: [announced, { kind: 'text', name: `${videoFolder}/${names.mpd}`, begins: '<?xml' }],
    video: {
      hls: `${videoFolder}/${names.master}`,
      dash: `${videoFolder}/${names.mpd}`,
      rungs: rungs.map(({ name, width, height, average }) => ({ name, width, height, bitrate: average })),
      subtitles: pieces.subtitles.map(({ language, file }) => ({ language, file: `${videoFolder}/${file}` })),
    },
  };
}

/** The progressive file, which is not announced, and the storyboard. */
async function packageRest(bench: Bench, pieces: Pieces, { output, signal }: Packing): Promise<Packaged> {
  const { info, limits } = bench;
  const folder = join(output, videoFolder);
  await mkdir(folder, { recursive: true });
  const sheet = planSheet(info);
  await together(signal, [
    (stop) => pack(progressiveCall(toPackage(bench, pieces), limits), { cwd: folder, signal: stop }),
    (stop) => {
      const call = sheetCall(pieces.pictures[0] ?? '', info, sheet, sheetName, limits);
      return runFfmpeg(call, { cwd: folder, signal: stop });
    },
  ]);
  await writeFile(join(folder, sheetCues), storyboardVtt(sheet, info.durationS, sheetName));
  const [mp4, storyboard] = [`${videoFolder}/${names.mp4}`, `${videoFolder}/${sheetCues}`];
  const size = { width: sheet.columns * sheet.width, height: sheet.rows * sheet.height };
  return {
    files: [
      { kind: 'image', name: `${videoFolder}/${sheetName}`, format: 'jpeg', ...size },
      { kind: 'text', name: storyboard, begins: 'WEBVTT' },
    ],
    video: { mp4, storyboard },
  };
}

function announce({ info }: Bench, { rungs, sound, frames }: Pieces, name: string, durationS: number): AnnouncedVideo {
  return {
    kind: 'video',
    name,
    pictures: rungs.map(({ width, height }) => ({ width, height, frames })),
    sounds: sound === undefined ? 0 : 1,
    durationS,
    frameS: usualFrameS(info),
  };
}

function checkLength({ info }: Bench, lastedS: number): void {
  if (lastedS >= info.durationS * 0.95 - 1) return;
  throw new NonRetryableError(
    `The video ends after ${lastedS.toFixed(1)} s, though its header promises ${info.durationS.toFixed(1)} s`,
    { code: 'incomplete_video' },
  );
}

/** A file lasts as long as its longest stream, of the largest rung and the sound. */
async function longestOf(folder: string, { rungs, sound }: Pieces): Promise<number> {
  const streams = [rungs.length - 1, ...(sound === undefined ? [] : [rungs.length])];
  const playlists = await Promise.all(streams.map((n) => readFile(join(folder, names.playlist(n)), 'utf8')));
  return Math.max(...playlists.map((text) => sum(segmentsOf(text).map((each) => each.durationS))));
}

function toPackage({ info }: Bench, { pictures, sound }: Pieces): ToPackage {
  return { rungs: pictures, sound, info };
}

function rateOf(streams: readonly Measured[], index: number): Measured {
  return streams[index] ?? { peak: 0, average: 0, durationS: 0 };
}

async function writeManifests(folder: string, streams: Manifested, durationS: number): Promise<void> {
  const written = await readFile(join(folder, names.mpd), 'utf8');
  const mpd = streams.rungs.reduce((text, rung, at) => withTimeline(text, at, rung.times), written);
  await writeFile(join(folder, names.mpd), dashManifest(mpd, streams, durationS));
  await writeFile(join(folder, names.master), masterPlaylist(codecsOf(mpd), streams));
  for (const [index, { file }] of streams.subtitles.entries())
    await writeFile(join(folder, subtitlesPlaylist(index)), textPlaylist(file, durationS));
}
