/** What a worker and its child processes for isolated handlers say to each other: JSON over the channel of `fork`. */
import type { ChildrenWait, Envelope, Json, JsonObject, LaneName, Publication } from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { PackedError } from './errors.ts';

/** `run` numbers the runs of one child, so that a word of an earlier one is told from the present one's. */
export type ToChild =
  /** First of all: the module that exports `createApp`, the configuration for it, and the worker's name in the ledger. */
  | { kind: 'start'; app: string; config: object; worker: string }
  | { kind: 'run'; run: number; job: ClaimedJob; lane: LaneName }
  | { kind: 'abort'; run: number; code: AbortCode; message: string }
  | { kind: 'published'; call: number; publication: Publication };

export type FromChild =
  | { kind: 'ready' }
  /** The app could not be loaded. */
  | ({ kind: 'broken' } & PackedError)
  | { kind: 'progress'; run: number; percent: number; note?: string }
  | { kind: 'log'; run: number; message: string; fields?: JsonObject }
  /** `ctx.settle` has committed. */
  | { kind: 'settled'; run: number }
  | { kind: 'returned'; run: number; value: Json; waits?: ChildrenWait }
  | ({ kind: 'threw'; run: number } & PackedError)
  /** Jobs that the child released travel on the connections of the worker. */
  | { kind: 'publish'; call: number; lane: LaneName; queue: string; envelopes: readonly Envelope[] };

export type AbortCode = 'cancelled' | 'timed_out' | 'draining' | 'fenced';
