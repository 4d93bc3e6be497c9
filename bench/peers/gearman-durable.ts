/** Gearman with its persistent queue in PostgreSQL: an insert and a delete for each job, each committed. */
import { gearmanPeer } from './gearman.ts';

export const peer = gearmanPeer({ durable: true });
