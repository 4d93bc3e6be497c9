/** What is known of one consumer of this process, and whether that is bad news. */
import type { Consumption, Lane, QueuePath } from '../src/contract/index.ts';

/** One consumer of this process. */
export interface ConsumerPlace {
  queue: QueuePath;
  lane: Lane;
  consumption: Consumption;
  /** False while its buffer is full: then nothing can be expected of it. */
  hasRoom(): boolean;
}

/** Times as of `performance.now()`. */
export interface ConsumerState extends ConsumerPlace {
  /** When it was last given anything, or could not take more. */
  provenAt: number;
  probedAt: number;
  /** Whether the broker took the last probe that it answered, and since when it has one without an answer. */
  probeTaken: boolean;
  unansweredSince: number | undefined;
  rebuiltAt: number;
  rebuilds: number;
  /** What is wrong, as told. */
  late: string | undefined;
}

export function newConsumer(place: ConsumerPlace, now: number): ConsumerState {
  return {
    ...place,
    provenAt: now,
    probedAt: 0,
    probeTaken: true,
    unansweredSince: undefined,
    rebuiltAt: now,
    rebuilds: 0,
    late: undefined,
  };
}

/** Idle for so long, with probes under way since the first two fifths of it, something is wrong. */
export const lateAfter = (everyMs: number): number => everyMs * 2.5;

/** Why a consumer is late; undefined while it is not. */
export function whyLate(consumer: ConsumerState, everyMs: number, now: number): string | undefined {
  const silentMs = now - consumer.provenAt;
  if (silentMs < lateAfter(everyMs)) return undefined;
  const silence = `it was given nothing for ${seconds(silentMs)}`;
  if (!consumer.lane.isUp()) return `${silence}: its broker can not be reached`;
  if (consumer.probedAt <= consumer.provenAt) return `${silence}, and this process has no session to probe it with`;
  const unheard = consumer.unansweredSince !== undefined && now - consumer.unansweredSince > everyMs;
  return consumer.probeTaken && !unheard ? `${silence}, not even its probe` : `${silence}: its broker takes no probe`;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
