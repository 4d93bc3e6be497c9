/** What happens to one video: probe, poster, rung, check. Each step is a line of `make`. */
import { copyFile, link, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import type { ImageRenderer, RenderedImage } from '../image/index.ts';
import type { StoredVideo } from '../store.ts';
import type { AnnouncedFile } from '../verify/index.ts';
import { hls, hlsCall, posterCall } from './arguments.ts';
import { planVideo, posterSize } from './plan.ts';
import { probeUpload, verifyRung } from './probe.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';
import { encodedSoFar, percentOf } from './progress.ts';
import { type RunOptions, runFfmpeg } from './run.ts';

export interface MadeVideo extends RenderedImage {
  video: StoredVideo;
  /** All but the renditions of the poster. */
  files: readonly AnnouncedFile[];
}

export interface VideoMaking {
  /** The uploaded bytes. */
  input: string;
  /** Empty; gets the poster's renditions and the folder `hls`. */
  output: string;
  /** Empty and private. */
  scratch: string;
}

export interface VideoMaker {
  /**
   * Makes poster and rung of one video.
   * @throws NonRetryableError when the video is at fault: `invalid_video`, `incomplete_video`, `unsupported_codec`,
   * `too_long`, `too_many_pixels`, `too_many_streams`; the signal's reason when aborted
   */
  make(
    making: VideoMaking,
    signal: AbortSignal,
    onProgress: (percent: number, note: string) => void,
  ): Promise<MadeVideo>;
}

export interface VideoMakerOptions {
  images: ImageRenderer;
  limits?: Partial<VideoLimits>;
}

const defaults: VideoLimits = { maxDurationS: 3_600, maxPixels: 40_000_000, maxStreams: 32 };

/** A maker over ffmpeg; posters are rendered by the image pool. */
export function videoMaker(options: VideoMakerOptions): VideoMaker {
  const limits = { ...defaults, ...options.limits };
  return {
    async make({ input, output, scratch }, signal, onProgress) {
      const source = await isolate(input, scratch);
      const info = await probeUpload(source, limits, signal);
      const poster = await makePoster(source, info, { output, scratch, signal, limits, images: options.images });
      onProgress(5, 'poster');
      const rung = await makeRung(source, info, { folder: join(output, 'hls'), signal, limits, onProgress });
      const { width, height, durationS } = info;
      const video = {
        durationMs: Math.round(durationS * 1000),
        hls: `hls/${hls.master}`,
        poster: largestJpeg(poster),
      };
      return { ...poster, width, height, video, files: [rung] };
    },
  };
}

/** A folder that holds nothing but the upload, under a name of ours: there is no neighbour to read. */
async function isolate(input: string, scratch: string): Promise<string> {
  const folder = join(scratch, 'source');
  const path = join(folder, 'upload');
  await mkdir(folder);
  await link(input, path).catch(() => copyFile(input, path));
  return path;
}

interface PosterParts extends Pick<VideoMaking, 'output' | 'scratch'> {
  signal: AbortSignal;
  limits: VideoLimits;
  images: ImageRenderer;
}

async function makePoster(source: string, info: VideoInfo, parts: PosterParts): Promise<RenderedImage> {
  const frame = join(parts.scratch, 'poster.png');
  const call = posterCall(source, info, posterSize(info), frame, parts.limits);
  await decoding(call, { cwd: parts.scratch, signal: parts.signal });
  return parts.images.render(frame, parts.output, parts.signal);
}

interface RungParts {
  folder: string;
  signal: AbortSignal;
  limits: VideoLimits;
  onProgress: (percent: number, note: string) => void;
}

async function makeRung(source: string, info: VideoInfo, parts: RungParts): Promise<AnnouncedFile> {
  const plan = planVideo(info);
  const encoded = encodedSoFar();
  await mkdir(parts.folder);
  await decoding(hlsCall(source, info, plan, parts.limits), {
    cwd: parts.folder,
    signal: parts.signal,
    onLine(line) {
      encoded.hear(line);
      const percent = percentOf(line, info.durationS);
      if (percent !== undefined) parts.onProgress(Math.round(5 + percent * 0.9), 'encoding');
    },
  });
  await verifyRung(parts.folder, { info, plan }, parts.limits, parts.signal);
  parts.onProgress(97, 'publishing');
  const { frames, durationS } = encoded.so;
  return {
    kind: 'video',
    name: `hls/${hls.master}`,
    pictures: [{ width: plan.width, height: plan.height, frames }],
    sounds: info.audioIndex === undefined ? 0 : 1,
    durationS,
    frameS: 1 / (plan.fps ?? (info.fps || 1)),
  };
}

/** ffmpeg's complaint about an upload that the probe accepted: the bytes inside are damaged. */
async function decoding(call: Parameters<typeof runFfmpeg>[0], options: RunOptions): Promise<void> {
  try {
    await runFfmpeg(call, options);
  } catch (error) {
    const damaged = error instanceof TwolaneError && /Invalid data found|moov atom not found/.test(error.message);
    if (!damaged) throw error;
    throw new NonRetryableError('The video is damaged', { code: 'invalid_video', cause: error });
  }
}

function largestJpeg(poster: RenderedImage): string {
  const found = poster.renditions.find((each) => each.format === 'jpeg');
  if (!found) throw new TypeError('An image has a JPEG rendition always');
  return found.name;
}
