/** The outbox for events of products: written in the product's own transaction. */
import type { EventOutbox } from '../contract/index.ts';

export const eventOutbox: EventOutbox = {
  async tell(tx, event, data) {
    await tx.query('select twolane.tell($1, null, $2)', [event, JSON.stringify(data)]);
  },
};
