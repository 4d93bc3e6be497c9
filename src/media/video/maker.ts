/** What happens to one video: probe, poster, pieces, packaging. Each step is a line of `make`. */
import { existsSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { NonRetryableError } from '../../contract/index.ts';
import type { ImageRenderer, RenderedImage } from '../image/index.ts';
import { isolated } from '../isolated.ts';
import type { StoredVideo } from '../store.ts';
import type { AnnouncedFile } from '../verify/index.ts';
import { type Packaged, type Pieces, packageAll, packageStreams, videoFolder } from './assemble.ts';
import { decode, together } from './decode.ts';
import { encodersFor, makePieces } from './one-go.ts';
import { type Bench, encodePictures, encodeSound, extractSubtitles, type PartRun } from './parts.ts';
import { planVideo, rungsOf, type VideoPlan } from './plan.ts';
import type { Piece } from './price.ts';
import { probeUpload, withReasons } from './probe.ts';
import type { VideoLimits } from './probe-report.ts';
import { posterCall } from './still-calls.ts';

export interface MadeVideo extends RenderedImage {
  video: StoredVideo;
  /** All but the renditions of the poster. */
  files: readonly AnnouncedFile[];
}

export interface VideoMaking {
  /** The uploaded bytes. */
  input: string;
  /** Empty; gets the poster's renditions and the folder `video`. */
  output: string;
  /** Empty and private. */
  scratch: string;
}

/** Who is told what while a video is made in one go. */
export interface MakingHooks {
  /** Percent of everything. */
  onProgress?(percent: number, note: string): void;
  /** Gets what can be shown before the rest is there: poster and smallest rung; afterwards `output` has to be empty. */
  onEarly?(made: MadeVideo): Promise<void>;
  /** Percent of what is encoded: of the rungs that are missing, once there was something early. */
  onEncoded?(percent: number): void;
}

export interface VideoMaker {
  /**
   * Looks at an upload and says what would be made of it. The folder `scratch` has to stay while the plan is used.
   * @throws NonRetryableError when the video is at fault: `invalid_video`, `no_video`, `unsupported_codec`, `too_long`,
   * `too_many_pixels`, `too_many_streams`
   * @param options.reasons looks also for what is not standard, which may read all of the upload. Default true; false is enough
   * for `encode`
   */
  plan(
    from: Pick<VideoMaking, 'input' | 'scratch'>,
    signal: AbortSignal,
    options?: { reasons?: boolean },
  ): Promise<VideoPlan>;
  /**
   * Makes everything that is published of one video, in one go.
   * @throws NonRetryableError as `plan` does, and `incomplete_video`; the signal's reason when aborted
   */
  make(plan: VideoPlan, making: Making, hooks?: MakingHooks): Promise<MadeVideo>;
  /** Makes the poster alone. */
  poster(plan: VideoPlan, making: Making): Promise<MadeVideo>;
  /** Does the work of one piece; what it leaves in the folder belongs to it. Resolves with the frames of its pictures. */
  encode(plan: VideoPlan, piece: Piece, run: PartRun): Promise<number>;
  /** Puts what the pieces have left together: all of it, or what the first ones make playable. */
  assemble(plan: VideoPlan, pieces: Pieces, making: Making): Promise<Packaged>;
}

export interface VideoMakerOptions {
  images: ImageRenderer;
  limits?: Partial<VideoLimits>;
  /** A preset of x264. Default `veryfast`. */
  preset?: string;
  /** A video that costs more CPU seconds is cut into pieces that cost about so much. Default 30. */
  pieceCpuS?: number;
  /** How many encoders of videos that are made in one go run side by side. Default: the number of cores. */
  processes?: number;
}

const defaults: VideoLimits = { maxDurationS: 3_600, maxPixels: 40_000_000, maxStreams: 32 };

/** A maker over ffmpeg; posters are rendered by the image pool. */
export function videoMaker(options: VideoMakerOptions): VideoMaker {
  const { images, preset = 'veryfast', pieceCpuS = 30, processes = availableParallelism() } = options;
  const encoders = encodersFor(processes);
  const limits = { ...defaults, ...options.limits };

  const plan: VideoMaker['plan'] = async ({ input, scratch }, signal, { reasons = true } = {}) => {
    const source = await isolated(input, join(scratch, 'source'), 'upload');
    const probed = await probeUpload(source, limits, signal);
    const info = reasons ? await withReasons(source, probed, limits, signal) : probed.info;
    return planVideo({ source, info, limits, preset }, pieceCpuS);
  };

  async function poster({ bench }: VideoPlan, making: Making): Promise<MadeVideo> {
    const made = await makePoster(bench, { ...making, images });
    const { width, height } = bench.info;
    return { ...made, width, height, video: aboutVideo(bench, made), files: [] };
  }

  const make: VideoMaker['make'] = async (planned, making, { onProgress, onEarly, onEncoded } = {}) => {
    const { output, scratch, signal } = making;
    const [posters, folder] = [join(scratch, 'poster'), join(scratch, 'pieces')];
    const names = planned.rungs.map((rung) => rung.name).join(', ');
    onProgress?.(5, 'poster');
    let illustrated: Promise<MadeVideo>;
    const joined = async (pieces: Pieces) => {
      const made = await illustrated;
      await cp(posters, output, { recursive: true });
      const packaged = await assemble(planned, pieces, making);
      return { ...made, video: { ...made.video, ...packaged.video }, files: packaged.files };
    };
    const [pieces] = await together(signal, [
      (stop) =>
        makePieces(planned, {
          ...{ folder, encoders, signal: stop },
          onPercent(percent) {
            onProgress?.(Math.round(5 + percent * 0.9), `encoding ${names}`);
            onEncoded?.(percent);
          },
          onFirst: onEarly && (async (first) => onEarly(await joined(first))),
        }),
      (stop) => {
        illustrated = poster(planned, { ...making, signal: stop, output: posters });
        return illustrated;
      },
    ]);
    for (const { file } of pieces.subtitles) await cp(join(folder, file), join(output, videoFolder, file));
    const all = await joined(pieces);
    onProgress?.(97, 'publishing');
    return all;
  };

  async function encode(planned: VideoPlan, { stage, ...part }: Piece, run: PartRun): Promise<number> {
    if (stage !== 'sound') {
      const wanted = { part: { toS: undefined, ...part }, rungs: rungsOf(planned, stage) };
      return (await encodePictures(planned.bench, wanted, run)).frames;
    }
    await encodeSound(planned.bench, run);
    await extractSubtitles(planned.bench, run);
    return 0;
  }

  async function assemble({ bench, rungs }: VideoPlan, pieces: Pieces, { output, signal }: Making): Promise<Packaged> {
    const pack = pieces.rungs.length < rungs.length ? packageStreams : packageAll;
    return pack(bench, pieces, { output, signal });
  }

  return { plan, make, poster, encode, assemble };
}

/** What is known of a video before anything of it plays. */
function aboutVideo({ info }: Bench, poster: RenderedImage): StoredVideo {
  return {
    durationMs: Math.round(info.durationS * 1000),
    poster: largestJpeg(poster),
    whyNotStandard: info.oddities,
    rungs: [],
    subtitles: [],
  };
}

export interface Making extends Pick<VideoMaking, 'output' | 'scratch'> {
  signal: AbortSignal;
}

async function makePoster(
  { source, info, limits }: Bench,
  { output, scratch, signal, images }: Making & { images: ImageRenderer },
): Promise<RenderedImage> {
  const frame = join(scratch, 'poster.png');
  await mkdir(output, { recursive: true });
  await decode(posterCall(source, info, frame, limits), { cwd: scratch, signal });
  // ffmpeg ends well without a frame where an edit list hides all of them.
  if (!existsSync(frame)) throw new NonRetryableError('The video shows no picture', { code: 'invalid_video' });
  return images.render(frame, output, signal);
}

function largestJpeg(poster: RenderedImage): string {
  const found = poster.renditions.find((each) => each.format === 'jpeg');
  if (!found) throw new TypeError('An image has a JPEG rendition always');
  return found.name;
}
