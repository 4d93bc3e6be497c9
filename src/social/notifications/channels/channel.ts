/** What a channel is: it hands one message to one address, and says what became of it. */
import type { IncomingMessage } from 'node:http';
import { TwolaneError } from '../../../contract/errors.ts';
import { retryAfterMs } from '../../../outgoing/index.ts';
import type { OutsideChannel, Target } from '../targets.ts';
import type { NotificationKind } from '../types.ts';

/** An announcement as it leaves: frozen when it was decided. */
export interface Message {
  /** Of the notification: an update has the same. */
  id: string;
  kind: NotificationKind;
  objectId: string;
  count: number;
  text: string;
  at: string;
}

export interface Sending {
  /** The same for every attempt. */
  deliveryId: string;
  target: Pick<Target, 'id' | 'address' | 'keys'>;
  message: Message;
  signal: AbortSignal;
}

/** `gone`: nobody is there any more, ever. `failed`: another attempt would end the same. `busy`: the server asked for a break. */
export type Outcome =
  | { is: 'sent' }
  | { is: 'gone' | 'failed'; detail: string }
  | { is: 'busy'; detail: string; afterMs: number };

export interface Channel {
  readonly name: OutsideChannel;
  /** Throws for what another attempt may mend. */
  send(sending: Sending): Promise<Outcome>;
  close?(): void;
}

/** What an answer over HTTP means. @param gone statuses by which an address is dead. @param final those that stay the same. */
export function outcomeOf(
  answer: IncomingMessage,
  { gone, final }: { gone: readonly number[]; final: readonly number[] },
): Outcome {
  // Nobody asks for the body, and it might be anything.
  answer.destroy();
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return { is: 'sent' };
  const detail = `answered ${status}`;
  if (gone.includes(status)) return { is: 'gone', detail };
  const afterMs = retryAfterMs(answer);
  if (afterMs !== undefined) return { is: 'busy', detail, afterMs };
  if (final.includes(status)) return { is: 'failed', detail };
  throw new TwolaneError('not_delivered', detail);
}
