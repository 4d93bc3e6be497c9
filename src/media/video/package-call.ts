/** Putting encoded rungs and sound into segments, manifests and one progressive file: streams are copied, nothing is encoded. */
import { type CallEnd, cpuLimitS, type FfmpegCall, general, guards, noMetadata, ownFormats } from './call.ts';
import { segmentS, usualFrameS } from './ladder.ts';
import { clockStartS } from './pictures-call.ts';
import type { VideoInfo, VideoLimits } from './probe-report.ts';

export const names = {
  mpd: 'manifest.mpd',
  master: 'master.m3u8',
  mp4: 'video.mp4',
  /** Of the stream with this number: rungs from 0, then the sound. */
  playlist: (stream: number) => `media_${stream}.m3u8`,
} as const;

/** Ticks in a second of all pictures. */
export const clock = 90_000;

export interface ToPackage {
  /** Paths of the rungs' transport streams, the smallest first. */
  rungs: readonly string[];
  sound: string | undefined;
  info: VideoInfo;
}

/** CMAF segments with the manifests of DASH and the playlists of HLS beside them, in the working folder. */
export function segmentsCall(parts: ToPackage, limits: VideoLimits): FfmpegCall {
  const sets = ['id=0,streams=v', ...(parts.sound === undefined ? [] : ['id=1,streams=a'])];
  return {
    inputs: inputs(parts, limits),
    outputs: [
      {
        options: [
          ...parts.rungs.flatMap((_path, index) => ['-map', `${index}:v`]),
          ...(parts.sound === undefined ? [] : ['-map', `${parts.rungs.length}:a`]),
          ...copied(parts.info, untilNext),
          ...['-f', 'dash', '-seg_duration', String(segmentS), '-hls_playlist', '1'],
          // Frames begin at zero by themselves and not by an edit list, which not every player of segments reads.
          ...['-adaptation_sets', sets.join(' '), '-format_options', 'movflags=negative_cts_offsets+skip_sidx'],
          ...[
            '-init_seg_name',
            'init-$RepresentationID$.mp4',
            '-media_seg_name',
            '$RepresentationID$-$Number%05d$.m4s',
          ],
        ],
        path: names.mpd,
      },
    ],
  };
}

/** The largest rung as one file that plays while it loads. */
export function progressiveCall(parts: ToPackage, limits: VideoLimits): FfmpegCall {
  const largest = parts.rungs.slice(-1);
  return {
    inputs: inputs({ ...parts, rungs: largest }, limits),
    outputs: [
      {
        options: [
          ...['-map', '0:v', ...(parts.sound === undefined ? [] : ['-map', '1:a'])],
          ...[...copied(parts.info), '-f', 'mp4', '-movflags', '+faststart'],
        ],
        path: names.mp4,
      },
    ],
  };
}

/**
 * `avc1` because the codes of a transport stream mean nothing in MP4. Even sides change the proportions of each rung a little,
 * which the shape of its pixels makes up for: players get one and the same picture. All rungs keep the clock of transport streams. A transport
 * stream does not say how long its last frame is shown; it is given what is usual in this video.
 */
function copied(info: VideoInfo, duration = (usual: number) => `max(DURATION\\,${usual})`): string[] {
  const { width, height } = info;
  const usual = Math.round(clock * usualFrameS(info));
  return [
    ...['-c', 'copy', '-copytb', '1', '-tag:v', 'avc1', '-aspect', `${width}:${height}`],
    ...['-bsf:v', `setts=pts=PTS:dts=DTS:duration=${duration(usual)}`],
    ...noMetadata,
  ];
}

/** Where a segment ends the muxer takes the duration of its last packet for the beginning of the next one. */
function untilNext(usual: number): string {
  return `if(eq(NEXT_DTS\\,NOPTS)\\,${usual}\\,NEXT_DTS-DTS)`;
}

function inputs({ rungs, sound, info }: ToPackage, limits: VideoLimits): CallEnd[] {
  const files = [
    ...rungs.map((path) => ({ path, options: ['-itsoffset', String(-clockStartS)] })),
    ...(sound === undefined ? [] : [{ path: sound, options: [] }]),
  ];
  return files.map(({ path, options }, place) => ({
    path: `file:${path}`,
    options: [
      ...(place === 0 ? general(cpuLimitS(info.durationS)) : []),
      ...guards(ownFormats, limits),
      ...['-copyts', ...options],
    ],
  }));
}
