/** The queue of messages that can't be taken: as they came, with the reason in two headers. */
import type { ConfirmChannel, ConsumeMessage } from 'amqplib';

export class RefusedQueue {
  readonly #channel: ConfirmChannel;
  readonly #name: string;
  /** A message came back, since somebody deleted the queue under us. Nothing is believed on this channel from then on. */
  #lost = false;

  constructor(channel: ConfirmChannel, name: string) {
    this.#channel = channel;
    this.#name = name;
    channel.on('return', () => {
      this.#lost = true;
    });
  }

  /** Resolves when RabbitMQ has it safe. */
  async put({ content, properties }: ConsumeMessage, why: { code: string; reason: string }): Promise<void> {
    await this.#channel.assertQueue(this.#name, { durable: true });
    const headers = { ...properties.headers, 'x-twolane-code': why.code, 'x-twolane-reason': why.reason };
    const options = { ...properties, headers, persistent: true, mandatory: true, expiration: undefined };
    await new Promise<void>((resolve, reject) => {
      this.#channel.publish('', this.#name, content, options, (error) => {
        if (error) reject(error);
        else if (this.#lost) reject(new Error(`the queue ${this.#name} is gone`));
        else resolve();
      });
    });
  }
}
