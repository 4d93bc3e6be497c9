/** Finds out which events keep a batch from being heard, so that their jobs fail alone. */
import type { DatabaseFor } from '../../contract/database.ts';
import { OverloadedError } from '../../contract/errors.ts';
import type { Announcing, HeardEvent } from './announcing.ts';

/**
 * Tries each event alone, in a transaction that is given up. Costs nothing but after a failure.
 * @returns those that can't be heard, with the reason. @throws OverloadedError when the database is away: nobody is to blame.
 */
export async function blame(
  events: readonly HeardEvent[],
  { announcing, db }: { announcing: Pick<Announcing, 'hear'>; db: DatabaseFor },
): Promise<ReadonlyMap<HeardEvent, unknown>> {
  const blamed = new Map<HeardEvent, unknown>();
  for (const heard of events) {
    const error = await errorOf(heard, announcing, db);
    if (error instanceof OverloadedError) throw error;
    if (error) blamed.set(heard, error);
  }
  return blamed;
}

async function errorOf(heard: HeardEvent, announcing: Pick<Announcing, 'hear'>, db: DatabaseFor): Promise<unknown> {
  const enough = new Error('It can be heard');
  try {
    await announcing.hear([heard], (effect) =>
      db(heard.event.recipientId).transaction(async (tx) => {
        await effect(tx);
        throw enough;
      }),
    );
  } catch (error) {
    return error === enough ? undefined : error;
  }
}
