/** Which pipeline a file met. */
import type { MediaKind } from '../contract/index.ts';

/** Raise it when files that failed may come out differently: they are offered to be run again. */
export const pipelineVersions: Readonly<Record<MediaKind, number>> = { image: 1, video: 1 };
