/** Back-pressure: refuses new jobs of a queue in trouble, by the verdict of its dispatcher. No enqueue waits for it. */
import { BackPressureError, type QueuePath, type RefusalCode } from '../contract/index.ts';
import type { QueueFacts } from './queue-facts.ts';

const reasons: Readonly<Record<RefusalCode, string>> = {
  queue_overloaded: 'its oldest job waits longer than it may',
  ledger_full: 'the ledger is nearly full',
};

/** Answers a function that throws BackPressureError for a queue that takes no more jobs for now. */
export function createBackPressure(facts: Pick<QueueFacts, 'of'>): (queue: QueuePath) => void {
  return (queue) => {
    const fact = facts.of(queue);
    if (!fact?.refuses) return;
    const message = `Queue ${queue} takes no more jobs for now, since ${reasons[fact.refuses]}; nothing was written`;
    throw new BackPressureError(fact.refuses, message, fact.retryAfterS ?? 1);
  };
}
