/** Asks ffprobe about an upload, and about what we made of it. */
import { dirname } from 'node:path';
import { NonRetryableError, TwolaneError } from '../../contract/index.ts';
import { general, guards, quiet, uploadFormats } from './call.ts';
import { planLadder } from './ladder.ts';
import { nonStandard, type Opening, picturesFit } from './non-standard.ts';
import { type ProbeReport, probeReport, readReport, type VideoInfo, type VideoLimits } from './probe-report.ts';
import { reachedS } from './progress.ts';
import { runFfmpeg, runFfprobe } from './run.ts';

/** What the header of an upload tells, and what was printed about it. */
export interface Probed {
  report: ProbeReport;
  info: VideoInfo;
}

/** @throws NonRetryableError `invalid_video`, `no_video`, `too_long`, … when the video is not one that we take */
export async function probeUpload(path: string, limits: VideoLimits, signal: AbortSignal): Promise<Probed> {
  const report = await probe(path, uploadFormats, limits, signal);
  const info = readReport(report, limits);
  const durationS = info.durationS || (await measured(path, info, limits, signal));
  return { report, info: { ...info, durationS } };
}

/** Adds why it is not standard, and whether its pictures fit as they are, for which all of its packets are read. */
export async function withReasons(
  path: string,
  { report, info }: Probed,
  limits: VideoLimits,
  signal: AbortSignal,
): Promise<VideoInfo> {
  const most = planLadder(info).at(-1)?.maxBitrate ?? 0;
  const reasonsOf = (opening: Opening) => nonStandard(report, opening, most);
  let opening = await openingOf(path, info, limits, { signal, forS: openingS });
  if (!picturesFit(reasonsOf(opening))) return { ...info, oddities: reasonsOf(opening) };
  opening = await openingOf(path, info, limits, { signal });
  const oddities = reasonsOf(opening);
  const keysS = opening.keysS.map((atS) => atS - (report.format.start_time ?? 0));
  return { ...info, oddities, ...(picturesFit(oddities) && { asIs: { frames: opening.packets, keysS } }) };
}

/** ffprobe's command line for a file in one of these formats. */
export function probeArguments(path: string, formats: string, limits: VideoLimits): string[] {
  const report = ['-print_format', 'json', '-show_format', '-show_streams'];
  return [...quiet, ...guards(formats, limits), ...report, `file:${path}`];
}

async function probe(path: string, formats: string, limits: VideoLimits, signal: AbortSignal): Promise<ProbeReport> {
  try {
    const printed = await runFfprobe(probeArguments(path, formats, limits), { cwd: dirname(path), signal });
    return probeReport.parse(JSON.parse(printed));
  } catch (error) {
    if (!(error instanceof TwolaneError) || error.code !== 'ffmpeg_failed') throw error;
    throw new NonRetryableError('The file is not a video that can be read, or it is damaged', {
      code: 'invalid_video',
      cause: error,
    });
  }
}

/** Reads a file that does not say how long it is, as browsers record them, to its end. */
async function measured(path: string, info: VideoInfo, limits: VideoLimits, signal: AbortSignal): Promise<number> {
  let durationS = 0;
  const call = {
    inputs: [{ path: `file:${path}`, options: [...general(600), ...guards(uploadFormats, limits)] }],
    outputs: [{ options: ['-map', `0:${info.videoIndex}`, '-c', 'copy', '-f', 'null'], path: '-' }],
  };
  const onLine = (line: string) => {
    durationS = Math.max(durationS, reachedS(line) ?? 0);
  };
  await runFfmpeg(call, { cwd: dirname(path), signal, onLine });
  if (!(durationS > 0)) throw new NonRetryableError('The video has no duration', { code: 'invalid_video' });
  if (durationS > limits.maxDurationS)
    throw new NonRetryableError(`The video lasts over ${limits.maxDurationS} s, which is the limit`, {
      code: 'too_long',
    });
  return durationS;
}

/** How much of an upload is looked at whose pictures do not fit anyway, seconds. */
const openingS = 20;

/** Reads packets, in the order of the file. Without `forS` it reads all of them. */
async function openingOf(
  path: string,
  info: VideoInfo,
  limits: VideoLimits,
  { signal, forS }: { signal: AbortSignal; forS?: number },
): Promise<Opening> {
  const opening: Opening = { keysS: [], lastS: 0, packets: 0, hidden: false, open: false };
  const packets = ['-select_streams', String(info.videoIndex), '-show_entries', 'packet=pts_time,flags'];
  const only = forS === undefined ? [] : ['-read_intervals', `%+${forS}`];
  const args = [...quiet, ...guards(uploadFormats, limits), ...only, ...packets, '-of', 'csv=p=0', `file:${path}`];
  await runFfprobe(args, { cwd: dirname(path), signal, onLine: (line) => note(opening, line) });
  return { ...opening, keysS: opening.keysS.sort((a, b) => a - b) };
}

function note(opening: Opening, line: string): void {
  const [, time, key, hidden] = /^(-?[\d.]+|N\/A),([K_])([D_])/.exec(line) ?? [];
  if (time === undefined) return;
  const atS = Number(time);
  opening.packets += 1;
  if (hidden === 'D') opening.hidden = true;
  if (!(atS >= (key === 'K' ? atS : (opening.keysS.at(-1) ?? Number.NaN)))) opening.open = true;
  if (key === 'K') opening.keysS.push(atS);
  opening.lastS = Math.max(opening.lastS, atS || 0);
}
