/**
 * The course of one video. A cheap one is made in one go; the work on another is cut into pieces, which are jobs of their own:
 * first the poster is shown, then the smallest rung, then everything.
 */
import {
  type FileStore,
  type JobContext,
  type JobDefinition,
  NonRetryableError,
  type Priority,
} from '../contract/index.ts';
import { gather, type PieceResult, pieceResult } from './gather.ts';
import type { PieceStore } from './piece-store.ts';
import { tellNowAndThen } from './tell-now-and-then.ts';
import type { Piece, VideoMaker, VideoPlan } from './video/index.ts';
import type { MadeMedia, MediaMaking, MediaServices } from './work.ts';

export interface VideoParts {
  files: FileStore;
  pieces: PieceStore;
  videos: VideoMaker;
  process: MediaServices['process'];
  /** The job type that does the work of one piece. Its payload is `{mediaId, ownerId, videoJobId, run, stage, fromS, toS}`. */
  pieceJob(): JobDefinition;
}

/** Settles the job, or has it wait for its pieces. */
export function processVideo(parts: VideoParts, mediaId: string, context: JobContext<void>): Promise<void> {
  const { signal } = context;
  return parts.process(mediaId, context, async (making) => {
    const plan = await parts.videos.plan(making, signal);
    if (plan.pieces.length > 0) return inPieces(parts, plan, making, context);
    return inOneGo(parts, plan, making, context);
  });
}

async function inOneGo(
  { videos, pieces }: VideoParts,
  plan: VideoPlan,
  making: MediaMaking,
  context: JobContext<void>,
) {
  const encoding = tellNowAndThen((percent) => pieces.tellRest(making.row, plan, percent));
  const onEarly = async (made: MadeMedia) => {
    await making.preview(made);
    encoding.begin();
  };
  try {
    const own = { ...making, signal: context.signal };
    return await videos.make(plan, own, {
      onEarly,
      onEncoded: encoding.tell,
      onProgress: context.progress.bind(context),
    });
  } finally {
    await encoding.end();
  }
}

async function inPieces(parts: VideoParts, plan: VideoPlan, making: MediaMaking, context: JobContext<void>) {
  const own = { ...making, signal: context.signal };
  const results = await finished(making, context);
  const missing = (rest: boolean) =>
    plan.pieces.filter((piece) => (piece.stage === 'rest') === rest && !results.some((one) => isOf(one, piece)));
  if (missing(false).length > 0) {
    await making.preview(await parts.videos.poster(plan, own));
    context.progress(5, 'poster');
    return begin(parts, { plan, making, pieces: missing(false), results }, context);
  }
  const made = await assembled(parts, plan, { results, own });
  if (missing(true).length === 0) return made;
  await making.preview(made);
  context.progress(25, plan.rungs[0]?.name);
  return begin(parts, { plan, making, pieces: missing(true), results }, context);
}

/** What the pieces that are done make: with those of the first stage alone, what is playable early. */
async function assembled(
  { files, videos }: VideoParts,
  plan: VideoPlan,
  { results, own }: { results: readonly PieceResult[]; own: MediaMaking & { signal: AbortSignal } },
): Promise<MadeMedia> {
  const poster = await videos.poster(plan, own);
  const packaged = await videos.assemble(plan, await gather(files, plan, results, own), own);
  return { ...poster, video: { ...poster.video, ...packaged.video }, files: packaged.files };
}

function isOf(result: PieceResult, piece: Piece): boolean {
  return result.stage === piece.stage && result.fromS === piece.fromS;
}

interface Beginning {
  plan: VideoPlan;
  making: MediaMaking;
  pieces: readonly Piece[];
  results: readonly PieceResult[];
}

async function begin(
  { pieces: store, pieceJob }: VideoParts,
  { plan, making: { row }, pieces, results }: Beginning,
  context: JobContext<void>,
): Promise<never> {
  // Another run that begins here again, after a crash, finds the same jobs; one after a failure does not.
  const run = `${context.id}-${(await context.children()).length}`;
  const jobs = await context.enqueueMany(
    pieces.map((piece) => ({
      job: pieceJob(),
      payload: {
        mediaId: row.id,
        ownerId: row.owner_id,
        videoJobId: context.id,
        run: row.pieces?.run ?? run,
        ...piece,
      },
      options: {
        priority: priorityOf(plan, piece),
        idempotencyKey: `${run}:${piece.stage}:${piece.fromS}`,
      },
    })),
  );
  if (results.length === 0) await store.begin(row, { since: String(jobs[0]?.id), run }, plan);
  return context.waitForChildren({ onChildFailure: 'continue' });
}

/** What is seen first goes first; what is dear goes after everything else. */
function priorityOf({ dear }: VideoPlan, { stage }: Piece): Priority {
  if (stage === 'rest') return dear ? 'low' : 'normal';
  return dear ? 'normal' : 'high';
}

/** @throws NonRetryableError with the code of a piece that has failed for good */
async function finished({ row }: MediaMaking, context: JobContext<void>): Promise<PieceResult[]> {
  const since = row.pieces?.since;
  if (since === undefined) return [];
  const children = (await context.children()).filter(({ id }) => BigInt(id) >= BigInt(since));
  for (const { state, error } of children) {
    if (state === 'dead') throw new NonRetryableError(error?.message ?? 'A piece has failed', { code: error?.code });
    if (state === 'cancelled') throw new NonRetryableError('A piece was cancelled', { code: 'cancelled' });
  }
  return children.map(({ result }) => pieceResult.parse(result));
}
