/** One supervised connection to RabbitMQ: connects, notices that it was lost, and connects again, until it is closed. */
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { type ChannelModel, connect } from 'amqplib';
import { limits, type RealtimeConfig } from './config.ts';
import { addressOf, faultOf, messageOf } from './errors.ts';
import { supervise, within } from './wait.ts';

/** At most 2.5 attempts a second, so that the two connections of a process stay below 5. */
const apartMs = 400;

interface LinkEvents {
  up: [ChannelModel];
  down: [];
  blocked: [string];
}

/** What a connection is for; RabbitMQ shows it, and alarms stop only connections that publish. */
export type LinkRole = 'publishing' | 'consuming';

export class Link extends EventEmitter<LinkEvents> {
  readonly role: LinkRole;
  /** The reason while the broker takes no publishes (memory or disk alarm). */
  blocked: string | undefined;
  /** Why the last attempt failed or the last connection ended. */
  lastError: unknown;
  readonly #config: RealtimeConfig;
  readonly #stop = new AbortController();
  #model: ChannelModel | undefined;
  #running: Promise<void> | undefined;

  constructor(role: LinkRole, config: RealtimeConfig) {
    super();
    this.setMaxListeners(0);
    this.role = role;
    this.#config = config;
  }

  get model(): ChannelModel | undefined {
    return this.#model;
  }

  /** Starts connecting in the background; does nothing when it runs already. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** The connection, as soon as there is one. Rejects when `signal` is aborted or the link is closed. */
  async connected(signal?: AbortSignal): Promise<ChannelModel> {
    this.start();
    const either = signal ? AbortSignal.any([signal, this.#stop.signal]) : this.#stop.signal;
    either.throwIfAborted();
    if (this.#model) return this.#model;
    const [model] = await once(this, 'up', { signal: either });
    return model;
  }

  /** Closes the connection; whoever uses channels on it closes them before. */
  async close(): Promise<void> {
    this.#stop.abort();
    const model = this.#model;
    if (model) {
      await within(limits.closeMs, model.close(), 'closing the connection').catch((error: unknown) =>
        this.#config.logger.warn({ role: this.role, reason: messageOf(error) }, 'RabbitMQ was left without a goodbye'),
      );
    }
    if (!model) await this.#running;
  }

  /** Ends a connection that does not answer; the next one is made at once. Does nothing while there is none. */
  drop(why: string): void {
    const { stream } = (this.#model?.connection ?? {}) as { stream?: Socket };
    // Not an orderly close: its answer would never come. amqplib reports the broken socket like any other loss.
    stream?.destroy(new Error(why));
  }

  #run(): Promise<void> {
    const onFailure = (error: unknown) => {
      // The same reason comes again with every attempt; one record of it is enough.
      if (messageOf(error) !== messageOf(this.lastError)) {
        const fields = { role: this.role, broker: addressOf(this.#config.url), fault: faultOf(error) };
        this.#config.logger.warn({ ...fields, reason: messageOf(error) }, 'RabbitMQ can not be reached');
      }
      this.lastError = error;
    };
    return supervise(this.#stop.signal, async () => this.#live(await this.#connect()), { onFailure, apartMs });
  }

  async #connect(): Promise<ChannelModel> {
    const socket = { timeout: limits.connectMs, noDelay: true, keepAlive: true };
    const clientProperties = { connection_name: `${this.#config.prefix} ${this.role} ${process.pid}` };
    return connect(this.#config.url, { ...socket, clientProperties });
  }

  /** Resolves when the connection has ended, whatever the reason. */
  async #live(model: ChannelModel): Promise<void> {
    let reason: unknown;
    // Both events matter: an orderly shutdown of the broker emits `close` alone, and `error` must have a listener.
    model.on('error', (error) => {
      reason = error;
    });
    model.on('blocked', (why) => {
      this.blocked = why;
      this.#config.logger.warn({ role: this.role, why }, 'RabbitMQ takes no publishes: memory or disk alarm');
      this.emit('blocked', why);
    });
    model.on('unblocked', () => {
      this.blocked = undefined;
    });
    const ended = new Promise<void>((resolve) => model.on('close', () => resolve()));
    this.#model = model;
    this.lastError = undefined;
    this.#config.logger.info({ role: this.role, broker: addressOf(this.#config.url) }, 'Connected to RabbitMQ');
    if (this.#stop.signal.aborted) await model.close();
    else this.emit('up', model);
    await ended;
    this.#model = undefined;
    this.blocked = undefined;
    this.#lost(reason);
  }

  #lost(reason: unknown): void {
    this.emit('down');
    if (this.#stop.signal.aborted) return;
    this.lastError = reason ?? new Error('the broker closed the connection');
    const fields = { role: this.role, fault: faultOf(this.lastError), reason: messageOf(this.lastError) };
    this.#config.logger.warn(fields, 'Lost RabbitMQ');
  }
}
