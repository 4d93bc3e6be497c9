/** One life of a confirm channel: declares queues on first use, sends within the window, and gives up on silence. */
import { EventEmitter, once } from 'node:events';
import type { ChannelModel, ConfirmChannel } from 'amqplib';
import type { Envelope } from '../../contract/envelope.ts';
import { after } from '../../contract/in-time.ts';
import type { Publication } from '../../contract/lane.ts';
import { Batch } from './batch.ts';
import { giveUp, onOwnChannel } from './channels.ts';
import { limits, type RealtimeConfig } from './config.ts';
import { messageOf } from './errors.ts';
import { declareQueue, encode, queueName } from './topology.ts';
import { within } from './wait.ts';

export class ConfirmSession {
  /** Resolves when nothing more can be sent here: the channel was closed, or it kept a confirm to itself. */
  readonly ended: Promise<void>;
  readonly #model: ChannelModel;
  readonly #channel: ConfirmChannel;
  readonly #config: RealtimeConfig;
  readonly #declared = new Map<string, Promise<unknown>>();
  readonly #batches = new Set<Batch>();
  /** Message ids that came back as unroutable; the broker returns a message before it confirms it. */
  readonly #returned = new Set<string>();
  readonly #news = new EventEmitter<{ room: []; end: [] }>();
  #unconfirmed = 0;
  #over = false;

  constructor(model: ChannelModel, channel: ConfirmChannel, config: RealtimeConfig) {
    this.#model = model;
    this.#channel = channel;
    this.#config = config;
    this.#news.setMaxListeners(0);
    this.ended = once(this.#news, 'end').then(() => undefined);
    channel.on('close', () => this.#end());
    channel.on('return', (message) => this.#onReturn(String(message.properties.messageId), message.fields.routingKey));
  }

  /** Publishes and resolves when each pack is confirmed, refused, returned or overdue. Rejects if nothing was sent. */
  async send(queue: string, packs: readonly Envelope[][]): Promise<Publication> {
    const name = queueName(this.#config, queue);
    await this.#declare(name);
    const batch = new Batch(packs);
    const callOff = after(limits.confirmMs, () => this.#fallSilent(batch));
    this.#batches.add(batch);
    try {
      await this.#write(name, packs, batch);
      return await batch.result;
    } finally {
      callOff();
      this.#batches.delete(batch);
    }
  }

  /** What is under way counts as unconfirmed from now on. */
  giveUp(): void {
    for (const batch of this.#batches) batch.giveUp();
    this.#news.emit('room');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#batches].map((batch) => batch.result));
    if (this.#over) return;
    await within(limits.closeMs, this.#channel.close(), 'closing the publishing channel').catch((error: unknown) =>
      this.#config.logger.warn({ reason: messageOf(error) }, 'The publishing channel did not close'),
    );
  }

  #declare(name: string): Promise<unknown> {
    const known = this.#declared.get(name);
    if (known) return known;
    const declaring = onOwnChannel(this.#model, this.#config, (channel) => declareQueue(channel, this.#config, name));
    this.#declared.set(name, declaring);
    declaring.catch(() => this.#declared.delete(name));
    return declaring;
  }

  async #write(name: string, packs: readonly Envelope[][], batch: Batch): Promise<void> {
    for (let index = 0; index < packs.length; index++) {
      while (this.#unconfirmed >= limits.unconfirmed && !this.#over && !batch.finished) await once(this.#news, 'room');
      if (this.#over || batch.finished) return batch.giveUp();
      this.#writeOne(name, packs[index] as Envelope[], batch, index);
    }
  }

  /** The boolean that amqplib answers is not needed: the window bounds what can wait in its buffer. */
  #writeOne(name: string, pack: Envelope[], batch: Batch, index: number): void {
    const messageId = pack[0]?.id;
    const options = { persistent: true, mandatory: true, messageId };
    this.#unconfirmed++;
    this.#channel.publish('', name, encode(pack), options, (error) => {
      if (--this.#unconfirmed === limits.unconfirmed / 2) this.#news.emit('room');
      const returned = this.#returned.size > 0 && this.#returned.delete(String(messageId));
      batch.settle(index, !error && !returned);
    });
  }

  /** The queue is gone although it was declared here: somebody deleted it. The next publish declares it again. */
  #onReturn(messageId: string, name: string): void {
    this.#returned.add(messageId);
    this.#declared.delete(name);
  }

  /** Confirms that stay out are not worth waiting for on this channel; its successor opens once the broker answers. */
  #fallSilent(batch: Batch): void {
    this.#config.logger.warn({ waitedMs: limits.confirmMs }, 'RabbitMQ confirms nothing; publishing on a new channel');
    batch.giveUp();
    this.#end();
    giveUp(this.#channel, this.#config);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.giveUp();
    this.#news.emit('end');
  }
}
