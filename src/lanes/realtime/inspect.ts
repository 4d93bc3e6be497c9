/** Questions to RabbitMQ on the consuming connection, which no alarm blocks: how full is a queue, are you there. */
import type { Channel } from 'amqplib';
import { giveUp, onOwnChannel, opened } from './channels.ts';
import { limits, type RealtimeConfig } from './config.ts';
import type { Link } from './connection.ts';
import { messageOf } from './errors.ts';
import { declareQueue, queueName } from './topology.ts';
import { within } from './wait.ts';

export class Inspector {
  readonly #link: Link;
  readonly #config: RealtimeConfig;
  #channel: Channel | undefined;

  constructor(link: Link, config: RealtimeConfig) {
    this.#link = link;
    this.#config = config;
  }

  /** Counts by declaring: a queue that somebody deleted is there again, and no missing one closes the channel. */
  async count(queue: string): Promise<{ ready: number; consumers: number } | undefined> {
    const answer = await this.#ask((channel) => declareQueue(channel, this.#config, queueName(this.#config, queue)));
    return answer && { ready: answer.messageCount, consumers: answer.consumerCount };
  }

  /** Whether the broker answers. Every user may ask for the exchange, and it always exists. */
  async answers(): Promise<boolean> {
    return (await this.#ask((channel) => channel.checkExchange('amq.direct'))) !== undefined;
  }

  async deleteQueue(queue: string): Promise<void> {
    const model = await this.#link.connected(AbortSignal.timeout(limits.connectMs));
    const name = queueName(this.#config, queue);
    await onOwnChannel(model, this.#config, (channel) => channel.deleteQueue(name), limits.deleteMs);
  }

  async close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    if (channel) await within(limits.closeMs, channel.close(), 'closing a channel').catch((error) => this.#note(error));
  }

  async #ask<T>(question: (channel: Channel) => Promise<T>): Promise<T | undefined> {
    try {
      const channel = this.#channel ?? (await this.#open());
      return channel && (await within(limits.askMs, question(channel), 'an answer'));
    } catch (error) {
      if (this.#channel) giveUp(this.#channel, this.#config);
      this.#channel = undefined;
      this.#note(error);
      return undefined;
    }
  }

  async #open(): Promise<Channel | undefined> {
    const model = this.#link.model;
    if (!model) return undefined;
    const channel = await opened(model.createChannel(), 'the channel for questions', this.#config);
    channel.on('close', () => {
      if (this.#channel === channel) this.#channel = undefined;
    });
    if (this.#channel) giveUp(this.#channel, this.#config);
    this.#channel = channel;
    return channel;
  }

  #note(error: unknown): void {
    this.#config.logger.debug({ reason: messageOf(error) }, 'RabbitMQ could not be asked');
  }
}
