/** Plain amqplib on a quorum queue. */
import { amqplibPeer } from './amqplib.ts';

export const peer = amqplibPeer('quorum');
