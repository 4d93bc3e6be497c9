/** The manifests that players read: what ffmpeg wrote, with true rates, and with what it can't say. Pure. */
import { names } from './package-call.ts';

/** One stream as it lies in the folder. */
export interface Published {
  /** Bits per second of the densest segment and over all. */
  peak: number;
  average: number;
}

export interface PublishedRung extends Published {
  width: number;
  height: number;
  /** When each segment begins and the last one ends, in ticks. */
  times?: { starts: readonly number[]; end: number };
}

export interface Manifested {
  rungs: readonly PublishedRung[];
  sound: Published | undefined;
  /** Frames in a second, at most. */
  fps: number;
  subtitles: readonly { language: string; file: string }[];
}

export const subtitlesPlaylist = (index: number) => `subtitles_${index}.m3u8`;

/** Codecs of each stream, in the order of the streams, as the MPD tells them. */
export function codecsOf(mpd: string): string[] {
  return [...mpd.matchAll(/<Representation id="\d+"[^>]* codecs="([^"]+)"/g)].map((found) => found[1] ?? '');
}

/** The playlist over all streams of HLS. */
export function masterPlaylist(codecs: readonly string[], { rungs, sound, fps, subtitles }: Manifested): string {
  const groups = [...(sound ? ['AUDIO="sound"'] : []), ...(subtitles.length > 0 ? ['SUBTITLES="text"'] : [])];
  const soundLine = `#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,AUTOSELECT=YES,URI="${names.playlist(rungs.length)}"`;
  return [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...(sound ? [soundLine] : []),
    ...subtitles.map(textLine),
    ...rungs.flatMap((rung, index) => [
      `#EXT-X-STREAM-INF:${[
        `BANDWIDTH=${rung.peak + (sound?.peak ?? 0)}`,
        `AVERAGE-BANDWIDTH=${rung.average + (sound?.average ?? 0)}`,
        `RESOLUTION=${rung.width}x${rung.height}`,
        ...(fps > 0 ? [`FRAME-RATE=${fps.toFixed(3)}`] : []),
        `CODECS="${[codecs[index], ...(sound ? [codecs[rungs.length]] : [])].join(',')}"`,
        ...groups,
      ].join(',')}`,
      names.playlist(index),
    ]),
    '',
  ].join('\n');
}

function textLine({ language }: { language: string }, index: number): string {
  const said = language === 'und' ? '' : `,LANGUAGE="${language}"`;
  const name = language === 'und' ? `text ${index + 1}` : `${language} ${index + 1}`;
  return `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="text",NAME="${name}"${said},AUTOSELECT=YES,URI="${subtitlesPlaylist(index)}"`;
}

/** The playlist of one track of text: all of it in one piece. */
export function textPlaylist(file: string, durationS: number): string {
  const lines = ['#EXTM3U', '#EXT-X-VERSION:7', `#EXT-X-TARGETDURATION:${Math.ceil(durationS)}`];
  return [...lines, '#EXT-X-PLAYLIST-TYPE:VOD', `#EXTINF:${durationS.toFixed(3)},`, file, '#EXT-X-ENDLIST', ''].join(
    '\n',
  );
}

/** The playlist of one stream, without the time at which it was made. */
export function streamPlaylist(written: string): string {
  return written
    .replace(/^#EXT-X-PROGRAM-DATE-TIME:.*\n/gm, '')
    .replace(/^(#EXT-X-TARGETDURATION:.*)$/m, '$1\n#EXT-X-PLAYLIST-TYPE:VOD');
}

/** A playlist with other durations, seconds. */
export function withDurations(playlist: string, durationsS: readonly number[]): string {
  let segment = 0;
  const timed = playlist.replace(/^#EXTINF:.*$/gm, (line) => {
    const durationS = durationsS[segment++];
    return durationS === undefined ? line : `#EXTINF:${durationS.toFixed(6)},`;
  });
  const target = Math.max(1, Math.round(Math.max(...durationsS)));
  return timed.replace(/^#EXT-X-TARGETDURATION:.*$/m, `#EXT-X-TARGETDURATION:${target}`);
}

/** What a playlist of a stream names: files and their durations in seconds. */
export function segmentsOf(playlist: string): { file: string; durationS: number }[] {
  return [...playlist.matchAll(/^#EXTINF:([\d.]+),\n(?:#.*\n)*(\S+)$/gm)].map((found) => ({
    durationS: Number(found[1]),
    file: found[2] ?? '',
  }));
}

/** The segments of one representation with other times, in ticks of its clock. */
export function withTimeline(mpd: string, stream: number, times: PublishedRung['times']): string {
  if (!times) return mpd;
  const { starts, end } = times;
  const lines = starts.map((start, at) => `\t\t\t\t\t\t<S t="${start}" d="${(starts[at + 1] ?? end) - start}" />\n`);
  const timeline = new RegExp(`(<Representation id="${stream}"[^]*?<SegmentTimeline>\n)[^]*?(\\t*</SegmentTimeline>)`);
  return mpd.replace(timeline, (_all, before, after) => `${before}${lines.join('')}${after}`);
}

/** The MPD with true rates, the whole duration (ffmpeg cuts off what is less than a tenth of a second), and the tracks of text. */
export function dashManifest(written: string, { rungs, sound, subtitles }: Manifested, durationS: number): string {
  const streams = [...rungs, ...(sound ? [sound] : [])];
  const timed = written.replace(/(mediaPresentationDuration=")[^"]*/, `$1PT${durationS.toFixed(3)}S`);
  const rated = timed.replace(/(<Representation id="(\d+)"[^>]* bandwidth=")\d+"/g, (all, before, id) => {
    const stream = streams[Number(id)];
    return stream ? `${before}${stream.peak}"` : all;
  });
  const text = subtitles.map(
    ({ language, file }, index) =>
      `\t\t<AdaptationSet id="${index + 2}" contentType="text" mimeType="text/vtt" lang="${language}">\n` +
      `\t\t\t<Representation id="text-${index}" bandwidth="256"><BaseURL>${file}</BaseURL></Representation>\n` +
      '\t\t</AdaptationSet>\n',
  );
  return rated.replace('\t</Period>', `${text.join('')}\t</Period>`);
}
