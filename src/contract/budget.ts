/** Latency budgets: how much of the promise of a job type is used up, and who gives way while it is. Pure. */
import type { LaneName, Priority, QueuePath } from './words.ts';
import { priorities, splitQueuePath } from './words.ts';

/** Of 100 starts so many may be later than the budget of their type. */
export const allowedLate = 0.05;

/** How late a job of a type may start when the definition does not say, milliseconds after it could have started. */
export const defaultBudgetMs: Readonly<Record<LaneName, number>> = { realtime: 10_000, bulk: 5 * 60_000 };

/**
 * How fast the budget burns: 1 when exactly as many starts are late as may be, 20 when all are. Null without starts.
 */
export function burnOf(starts: number, late: number): number | null {
  return starts === 0 ? null : late / starts / allowedLate;
}

/** A job type as the rule below sees it. */
export interface BurningType {
  queue: QueuePath;
  priority: Priority;
  /** Over the last minute; null without starts. */
  burn: number | null;
}

/**
 * The share of its slots that each queue may use now. While the budget of an urgent or high type burns, the queues of that
 * lane whose most urgent type has a lower priority give way: at a burn of 1 they keep a half, at 20 one in twenty-one.
 * Queues that are not in the answer keep everything.
 */
export function sharesOf(types: readonly BurningType[]): Map<QueuePath, number> {
  const rank = (type: BurningType) => priorities.indexOf(type.priority);
  const classes = new Map<QueuePath, number>();
  for (const type of types) classes.set(type.queue, Math.min(rank(type), classes.get(type.queue) ?? rank(type)));
  const burning = types.filter((type) => (type.burn ?? 0) >= 1 && rank(type) <= priorities.indexOf('high'));
  const shares = new Map<QueuePath, number>();
  for (const [queue, own] of classes) {
    const lane = splitQueuePath(queue).lane;
    const above = burning.filter((type) => rank(type) < own && splitQueuePath(type.queue).lane === lane);
    if (above.length > 0) shares.set(queue, 1 / (1 + Math.max(...above.map((type) => type.burn ?? 0))));
  }
  return shares;
}
