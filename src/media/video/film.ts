/** A long animation as MP4: its frames come from the image side, as they are and with their times. */
import { join } from 'node:path';
import type { Film, RenderedFile } from '../image/protocol.ts';
import type { AnnouncedVideo } from '../verify/index.ts';
import { cpuLimitS, type FfmpegCall, general, guards, noMetadata } from './call.ts';
import { runFfmpeg } from './run.ts';

export interface FilmMaking {
  /** The frames as IVF. */
  frames: string;
  /** Folder that gets the file. */
  output: string;
  signal: AbortSignal;
}

/**
 * Encodes it, without sound.
 * @throws TwolaneError `ffmpeg_missing`, `ffmpeg_failed`, `video_stalled`; the signal's reason when aborted
 */
export async function makeFilm(
  film: Film,
  { frames, output, signal }: FilmMaking,
): Promise<{ rendition: RenderedFile; file: AnnouncedVideo }> {
  const { width, height, delaysMs } = film;
  const name = `animated-${width}.mp4`;
  await runFfmpeg(filmCall(frames, film, join(output, name)), { cwd: output, signal });
  const about = { name, width, height, frames: delaysMs.length };
  const [durationS, frameS] = [durationOf(film), Math.max(...delaysMs) / 1000];
  const pictures = [{ width, height, frames: delaysMs.length }];
  return {
    rendition: { ...about, format: 'mp4' },
    file: { kind: 'video', name, pictures, sounds: 0, durationS, frameS },
  };
}

function durationOf({ delaysMs }: Film): number {
  return delaysMs.reduce((sum, each) => sum + each, 0) / 1000;
}

export function filmCall(frames: string, film: Film, output: string): FfmpegCall {
  const durationS = durationOf(film);
  const lastS = (film.delaysMs.at(-1) ?? 0) / 1000;
  // Nothing else says how long the last frame is shown.
  const last = `if(gte(PTS*TB\\,${durationS - lastS - 0.0005})\\,${lastS}/TB\\,DURATION)`;
  const pixels = { maxStreams: 1, maxPixels: film.width * film.height, maxDurationS: durationS };
  return {
    inputs: [
      {
        path: `file:${frames}`,
        options: [...general(cpuLimitS(durationS)), ...guards('ivf', pixels), '-c:v', 'rawvideo'],
      },
    ],
    outputs: [
      {
        options: [
          ...['-map', '0:v', ...noMetadata, '-flags:v', '+bitexact'],
          ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'],
          ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
          // Without frames that wait for later ones, times begin at zero in every player.
          ...['-fps_mode', 'passthrough', '-enc_time_base', '1:1000', '-bf', '0'],
          ...['-c:v', 'libx264', '-preset', 'veryfast', '-profile:v', 'high', '-crf', '23', '-g', '250'],
          ...['-bsf:v', `setts=duration=${last}`],
          ...['-f', 'mp4', '-movflags', '+faststart', '-video_track_timescale', '1000'],
        ],
        path: output,
      },
    ],
  };
}
