/** The dry run of a video: what would be made of one that is here already, or lies elsewhere. Nothing of it is kept. */
import { type MediaSource, NonRetryableError, type PlannedVideo } from '../contract/index.ts';
import type { FetchParts } from './fetch.ts';
import { keepOriginal, originalKey } from './original.ts';
import { openSource } from './source.ts';
import type { VideoMaker } from './video/index.ts';

export interface PlanParts extends Pick<FetchParts, 'store' | 'files' | 'uploads' | 'outgoing' | 'maxBytes'> {
  videos: VideoMaker;
}

export interface WantedPlan {
  mediaId?: string | undefined;
  source?: MediaSource | undefined;
}

/** @throws NonRetryableError as `VideoMaker.plan` does, and `unsupported_media` for what is no video */
export async function planUpload(parts: PlanParts, wanted: WantedPlan, signal: AbortSignal): Promise<PlannedVideo> {
  const { store, files, maxBytes } = parts;
  if (!wanted.source) {
    const row = await store.find(wanted.mediaId ?? '0');
    if (row?.kind !== 'video' || !row.original_key) return noVideo();
    return look(parts, row.original_key, signal);
  }
  const { stream } = await openSource(parts, wanted.source, signal);
  const original = await keepOriginal(files, originalKey(), stream, { maxBytes, signal }).finally(() =>
    stream.destroy(),
  );
  try {
    return original.kind === 'video' ? await look(parts, original.originalKey, signal) : noVideo();
  } finally {
    await files.remove(original.originalKey);
  }
}

function look({ files, videos }: PlanParts, key: string, signal: AbortSignal): Promise<PlannedVideo> {
  return files.withLocalFile(key, (input) =>
    files.withFolder(async (scratch) => {
      const { bench, rungs, costS, pieces } = await videos.plan({ input, scratch }, signal);
      const { width, height, durationS, oddities } = bench.info;
      return {
        ...{ width, height, durationMs: Math.round(durationS * 1000), whyNotStandard: oddities },
        rungs: rungs.map((rung) => ({ name: rung.name, width: rung.width, height: rung.height })),
        cpuMs: Math.ceil(costS * 1000),
        jobs: 1 + pieces.length,
      };
    }),
  );
}

function noVideo(): never {
  throw new NonRetryableError('Plans are made of videos', { code: 'unsupported_media' });
}
