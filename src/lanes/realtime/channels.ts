/** Opening and giving up channels, so that none is left behind open, not even one whose answer came too late. */
import type { Channel, ChannelModel } from 'amqplib';
import { limits, type RealtimeConfig } from './config.ts';
import { messageOf } from './errors.ts';
import { within } from './wait.ts';

/** Waits for a channel that is being opened and logs its errors as those of `what`. */
export async function opened<C extends Channel>(opening: Promise<C>, what: string, config: RealtimeConfig): Promise<C> {
  try {
    const channel = await within(limits.answerMs, opening, what);
    channel.on('error', (error) => config.logger.warn({ what, reason: messageOf(error) }, 'A channel failed'));
    return channel;
  } catch (error) {
    opening.then((late) => giveUp(late, config)).catch(() => undefined);
    throw error;
  }
}

/** Closes a channel that is of no use any more, without waiting for it. */
export function giveUp(channel: Channel, config: RealtimeConfig): void {
  // Throws or rejects on a channel that is closed already, which is what is wanted.
  const closing = async () => channel.close();
  closing().catch((error: unknown) => config.logger.debug({ reason: messageOf(error) }, 'The channel was closed'));
}

/** Runs `use` on a channel of its own, so that a refusal closes nothing that others work with. */
export async function onOwnChannel<T>(
  model: ChannelModel,
  config: RealtimeConfig,
  use: (channel: Channel) => Promise<T>,
  limitMs: number = limits.answerMs,
): Promise<T> {
  const channel = await opened(model.createChannel(), 'a channel for one question', config);
  try {
    return await within(limitMs, use(channel), 'an answer');
  } finally {
    giveUp(channel, config);
  }
}
