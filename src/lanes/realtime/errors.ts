/** RabbitMQ's errors by consequence, and the sentence that tells an operator what to do about them. */
import { TwolaneError } from '../../contract/errors.ts';

/**
 * `refused`: the broker answered and does not want us, trying again soon is useless; `channel-lost`: a new channel on
 * the same connection will do; `connection-lost`: everything else, a new connection is needed.
 */
export type LinkFault = 'refused' | 'channel-lost' | 'connection-lost';

const channelCodes = new Set([311, 312, 313, 404, 405, 406, 540]);
const refusal = /ACCESS.REFUSED|NOT.ALLOWED|SASL mechanism/i;

export function faultOf(error: unknown): LinkFault {
  const message = messageOf(error);
  if (refusal.test(message)) return 'refused';
  const code = (error as { code?: unknown } | undefined)?.code;
  if (channelCodes.has(Number(code)) || /channel (closed|closing|ended)/i.test(message)) return 'channel-lost';
  return 'connection-lost';
}

/** Host and port without the credentials. */
export function addressOf(url: string): string {
  const { protocol, hostname, port } = new URL(url);
  return `${hostname}:${port || (protocol === 'amqps:' ? 5671 : 5672)}`;
}

/** The error of `ready`: where it looked, what came back, and the cure. */
export function unreachable(url: string, cause: unknown): TwolaneError {
  const address = addressOf(url);
  const reason = cause === undefined ? 'no answer' : messageOf(cause);
  const text =
    faultOf(cause) === 'refused'
      ? `RabbitMQ at ${address} refuses the connection (${reason}). Check user, password and virtual host in AMQP_URL`
      : `RabbitMQ does not answer at ${address} (${reason}). Start it there, or set AMQP_URL to a running one`;
  return new TwolaneError('broker_unreachable', text, { cause });
}

export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A failed attempt on several addresses of one name has its reasons inside and an empty message of its own.
  const inner = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : '';
  return error.message || inner || error.name;
}
