/** Fetching what pieces have left: parts of a rung are joined by their bytes. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { type FileStore, TwolaneError } from '../contract/index.ts';
import { type Pieces, partName, rungsOf, soundName, textName, type VideoPlan, videoFolder } from './video/index.ts';
import type { MediaMaking } from './work.ts';

/** What the job of a piece answers. */
export const pieceResult = z.object({
  stage: z.enum(['first', 'rest', 'sound']),
  fromS: z.number(),
  /** Where its files are in the file store. */
  prefix: z.string(),
  /** Of pictures. */
  frames: z.int(),
});

export type PieceResult = z.output<typeof pieceResult>;

/** Everything of the stages that are done. @throws TwolaneError `file_missing`, `unexpected_output` */
export async function gather(
  files: FileStore,
  plan: VideoPlan,
  results: readonly PieceResult[],
  { scratch, output }: Pick<MediaMaking, 'scratch' | 'output'>,
): Promise<Pieces> {
  const folder = join(scratch, 'pieces');
  await mkdir(folder);
  const of = (stage: PieceResult['stage']) =>
    results.filter((one) => one.stage === stage).sort((a, b) => a.fromS - b.fromS);
  const stages = (['first', 'rest'] as const).filter((stage) => of(stage).length > 0);
  const rungs = stages.flatMap((stage) => rungsOf(plan, stage).map((rung) => ({ rung, parts: of(stage) })));
  const pictures: string[] = [];
  for (const { rung, parts } of rungs) {
    const path = join(folder, partName(rung));
    await append(
      files,
      parts.map(({ prefix }) => `${prefix}/${partName(rung)}`),
      path,
    );
    pictures.push(path);
  }
  const rest = await soundAndText(files, plan, of('sound')[0]?.prefix, { folder, output });
  return { rungs: rungs.map(({ rung }) => rung), pictures, frames: framesOf(stages.map(of)), ...rest };
}

async function soundAndText(
  files: FileStore,
  { bench: { info } }: VideoPlan,
  prefix: string | undefined,
  { folder, output }: { folder: string; output: string },
): Promise<Pick<Pieces, 'sound' | 'subtitles'>> {
  const sound = info.audio && join(folder, soundName);
  if (sound) await append(files, [`${prefix}/${soundName}`], sound);
  if (info.subtitles.length > 0) await mkdir(join(output, videoFolder), { recursive: true });
  const subtitles = info.subtitles.map(({ language }, index) => ({ language, file: textName(index) }));
  for (const { file } of subtitles) await append(files, [`${prefix}/${file}`], join(output, videoFolder, file));
  return { sound, subtitles };
}

async function append(files: FileStore, keys: readonly string[], path: string): Promise<void> {
  for (const key of keys) {
    const found = await files.open(key);
    if (!found) throw new TwolaneError('file_missing', `There is no file ${key} in the store`);
    await pipeline(found.stream(), createWriteStream(path, { flags: 'a' }));
  }
}

/** All rungs show the same frames. */
function framesOf(stages: readonly (readonly PieceResult[])[]): number {
  const [first = 0, ...others] = stages.map((parts) => parts.reduce((sum, { frames }) => sum + frames, 0));
  if (others.some((frames) => frames !== first))
    throw new TwolaneError('unexpected_output', `One rung has ${first} frames, others have ${others.join(', ')}`);
  return first;
}
