/** Consuming: one channel per consumer, made anew whenever the channel, the connection or the queue is lost. */
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Envelope } from '../../contract/envelope.ts';
import type { Consumption, Delivery } from '../../contract/lane.ts';
import { unpack } from '../../contract/pack.ts';
import { Acks } from './acks.ts';
import { giveUp, onOwnChannel, opened } from './channels.ts';
import { limits, type RealtimeConfig } from './config.ts';
import type { Link } from './connection.ts';
import { replaceIfDead } from './dead-queue.ts';
import { faultOf, messageOf } from './errors.ts';
import { declareQueue, decode, queueName } from './topology.ts';
import { supervise, within } from './wait.ts';

/** One life of the consumer's channel. */
interface Session {
  channel: Channel;
  acks: Acks;
  consumerTag: string;
}

export class Consumer implements Consumption {
  readonly queue: string;
  /** Resolves when it neither consumes nor tries to any more. */
  readonly ended: Promise<void>;
  readonly #name: string;
  readonly #buffer: number;
  readonly #onDelivery: (delivery: Delivery) => void;
  readonly #link: Link;
  readonly #config: RealtimeConfig;
  readonly #stop = new AbortController();
  #session: Session | undefined;
  /** Ends the present life without waiting for the broker to agree. */
  #abandon: () => void = () => undefined;

  constructor(
    place: { link: Link; config: RealtimeConfig; queue: string },
    buffer: number,
    onDelivery: (delivery: Delivery) => void,
  ) {
    this.queue = place.queue;
    this.#name = queueName(place.config, place.queue);
    this.#buffer = buffer;
    this.#onDelivery = onDelivery;
    this.#link = place.link;
    this.#config = place.config;
    this.ended = this.#run();
  }

  /** Deliveries in the hands of this process. */
  get unacked(): number {
    return this.#session?.acks.open ?? 0;
  }

  async stop(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    const session = this.#session;
    if (session) await this.#politely('cancelling the consumer', () => session.channel.cancel(session.consumerTag));
  }

  /** An ack is only sure once the channel was closed in agreement; closing the connection alone loses it. */
  async close(): Promise<void> {
    await this.stop();
    const session = this.#session;
    this.#session = undefined;
    if (session) {
      await this.#politely('closing the channel', () => {
        session.acks.flush();
        return session.channel.close();
      });
    }
    await this.#politely('the end of the consumer', () => this.ended);
  }

  /** A connection that opens no channel within two seconds takes the consumer nowhere: it is dropped. */
  async rebuild(): Promise<void> {
    const model = this.#link.model;
    const session = this.#session;
    if (!model || this.#stop.signal.aborted) return;
    try {
      await within(
        limits.askMs,
        onOwnChannel(model, this.#config, async () => undefined),
        'a channel',
      );
    } catch (error) {
      if (this.#link.model === model) this.#link.drop(messageOf(error));
      return;
    }
    if (!session || this.#session !== session) return;
    this.#session = undefined;
    giveUp(session.channel, this.#config);
    this.#abandon();
  }

  #run(): Promise<void> {
    const { signal } = this.#stop;
    const onFailure = (error: unknown) => {
      const fields = { queue: this.queue, fault: faultOf(error), reason: messageOf(error) };
      this.#config.logger.warn(fields, 'No channel to consume on');
    };
    return supervise(signal, async () => this.#serve(await this.#link.connected(signal)), { onFailure });
  }

  /** Consumes until the channel ends. */
  async #serve(model: ChannelModel): Promise<void> {
    await onOwnChannel(model, this.#config, (channel) => declareQueue(channel, this.#config, this.#name));
    const channel = await opened(model.createChannel(), `the channel of ${this.queue}`, this.#config);
    const ended = new Promise<void>((resolve) => {
      channel.on('close', () => resolve());
      this.#abandon = resolve;
    });
    try {
      const session = await this.#subscribe(model, channel);
      if (this.#stop.signal.aborted) return giveUp(channel, this.#config);
      this.#session = session;
    } catch (error) {
      giveUp(channel, this.#config);
      throw error;
    }
    await ended;
    if (this.#session?.channel === channel) this.#session = undefined;
  }

  async #subscribe(model: ChannelModel, channel: Channel): Promise<Session> {
    const acks = new Acks(channel);
    await within(limits.answerMs, channel.prefetch(this.#buffer), 'the prefetch');
    let answered = false;
    const consuming = channel.consume(this.#name, (message) => this.#onMessage(message, channel, acks));
    const noted = consuming.finally(() => {
      answered = true;
    });
    try {
      const { consumerTag } = await within(limits.subscribeMs, noted, 'the consumer');
      return { channel, acks, consumerTag };
    } catch (error) {
      await replaceIfDead(model, this.#config, this.#name, () => answered);
      throw error;
    }
  }

  #onMessage(message: ConsumeMessage | null, channel: Channel, acks: Acks): void {
    // The queue was deleted under us. Consuming again on the same channel can fail in 3.10; a new one is safe.
    if (!message) {
      this.#config.logger.warn({ queue: this.queue }, 'The queue is gone; declaring it again');
      giveUp(channel, this.#config);
      return;
    }
    acks.add(message);
    const pack = decode(message.content);
    if (!pack) {
      this.#config.logger.error(
        { queue: this.queue, bytes: message.content.length },
        'Dropped a message of a stranger',
      );
      acks.refuse(message, false);
    } else if (this.#stop.signal.aborted) acks.refuse(message, true);
    else this.#deliver(pack, message, acks);
  }

  #deliver(pack: readonly Envelope[], message: ConsumeMessage, acks: Acks): void {
    const { redelivered } = message.fields;
    const held = { redelivered, ack: () => acks.ack(message), release: () => acks.refuse(message, true) };
    for (const delivery of unpack(pack, held)) this.#onDelivery(delivery);
  }

  /** A broker that does not answer must not keep a process from ending: everything unacked comes back anyway. */
  async #politely(what: string, say: () => Promise<unknown>): Promise<void> {
    try {
      await within(limits.closeMs, say(), what);
    } catch (error) {
      this.#config.logger.warn({ queue: this.queue, reason: messageOf(error) }, 'RabbitMQ did not answer');
    }
  }
}
