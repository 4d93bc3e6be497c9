/** An installation whose answers get lost now and then: the job is in the ledger, and whoever enqueued it can't know. */
import { OverloadedError } from '../../src/contract/index.ts';
import type { Twolane } from '../../src/twolane.ts';

export function losingAnswers(twolane: Twolane): Twolane {
  let calls = 0;
  const enqueue: Twolane['enqueue'] = async (...call) => {
    const answer = await twolane.enqueue(...call);
    if (++calls % 3 === 0) throw new OverloadedError('The answer was lost', 0.02);
    return answer;
  };
  return { ...twolane, enqueue };
}
