/** Acks of one channel: gathers those of a moment and says them with as few frames as is safe. */
import { type Channel, type ConsumeMessage, IllegalOperationError } from 'amqplib';

/**
 * A channel numbers its deliveries 1, 2, 3 … and `multiple` settles a number and everything below it. That is right
 * exactly when nothing below is still open here, which is what `#open` tells; what is above the first open number is
 * acked one by one. Settling a number twice would make the broker close the channel, so a second call does nothing.
 */
export class Acks {
  readonly #channel: Channel;
  /** Deliveries that nobody has settled, in the order of their numbers (a Map keeps the order of insertion). */
  readonly #open = new Map<number, ConsumeMessage>();
  #acked: ConsumeMessage[] = [];
  #closed = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.on('close', () => this.#close());
  }

  get open(): number {
    return this.#open.size;
  }

  add(message: ConsumeMessage): void {
    this.#open.set(message.fields.deliveryTag, message);
  }

  ack(message: ConsumeMessage): void {
    if (!this.#open.delete(message.fields.deliveryTag)) return;
    if (this.#acked.push(message) === 1) setImmediate(() => this.flush());
  }

  /** Gives the message back (`requeue`), or drops it. */
  refuse(message: ConsumeMessage, requeue: boolean): void {
    if (this.#open.delete(message.fields.deliveryTag)) this.#say(() => this.#channel.nack(message, false, requeue));
  }

  /** Sends the acks that have gathered. */
  flush(): void {
    const acked = this.#acked;
    if (this.#closed || acked.length === 0) return;
    this.#acked = [];
    const firstOpen = this.#open.keys().next().value ?? Number.POSITIVE_INFINITY;
    let upTo: ConsumeMessage | undefined;
    this.#say(() => {
      for (const message of acked) {
        if (message.fields.deliveryTag > firstOpen) this.#channel.ack(message);
        else if (!upTo || message.fields.deliveryTag > upTo.fields.deliveryTag) upTo = message;
      }
      if (upTo) this.#channel.ack(upTo, true);
    });
  }

  /** Between the request to close a channel and its end amqplib throws instead of sending: it is over, then. */
  #say(what: () => void): void {
    try {
      what();
    } catch (error) {
      if (!(error instanceof IllegalOperationError)) throw error;
      this.#close();
    }
  }

  /** The broker has taken everything back; what is settled from now on concerns nobody. */
  #close(): void {
    this.#closed = true;
    this.#open.clear();
    this.#acked = [];
  }
}
