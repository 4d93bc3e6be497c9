/** What the segments of one stream are: how many bits they have, and when they are shown. Its playlist is told. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spanOf } from './fragment.ts';
import { type Published, segmentsOf, streamPlaylist, withDurations } from './manifests.ts';
import { clock, names } from './package-call.ts';

export interface Measured extends Published {
  durationS: number;
  /** Of pictures: when each segment begins and the last one ends, in ticks. */
  times?: { starts: number[]; end: number };
}

export const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

/** @param frameS how long the last frame is shown. Undefined for sound, of which the muxer knows all */
export async function measure(folder: string, stream: number, frameS?: number): Promise<Measured> {
  const path = join(folder, names.playlist(stream));
  const written = await readFile(path, 'utf8');
  const files = segmentsOf(written).map(({ file }) => join(folder, file));
  const bits = await Promise.all(files.map(async (file) => 8 * (await stat(file)).size));
  const times = frameS === undefined ? undefined : await timesOf(files, frameS);
  const durationsS = times ? apart(times) : segmentsOf(written).map((each) => each.durationS);
  await writeFile(path, streamPlaylist(withDurations(written, durationsS)));
  const durationS = sum(durationsS);
  return {
    durationS,
    ...(times && { times }),
    // A last segment of a moment has no rate to speak of.
    peak: Math.ceil(Math.max(...bits.map((each, at) => each / Math.max(1, durationsS[at] ?? 0)))),
    average: Math.ceil(sum(bits) / Math.max(durationS, 0.001)),
  };
}

/** The muxer guesses where frames come at uneven times; the samples know. */
async function timesOf(files: readonly string[], frameS: number) {
  const spans = [];
  for (const file of files) spans.push(await spanOf(file));
  return { starts: spans.map(({ first }) => first), end: (spans.at(-1)?.last ?? 0) + Math.round(frameS * clock) };
}

function apart({ starts, end }: { starts: number[]; end: number }): number[] {
  return starts.map((start, at) => ((starts[at + 1] ?? end) - start) / clock);
}
