/** Publishing: keeps one confirm channel open, replaces it when it is lost or falls silent, and never buffers beyond its window. */
import { EventEmitter, once } from 'node:events';
import type { ChannelModel } from 'amqplib';
import type { Envelope } from '../../contract/envelope.ts';
import type { Publication } from '../../contract/lane.ts';
import { noneOf } from './batch.ts';
import { opened } from './channels.ts';
import type { RealtimeConfig } from './config.ts';
import { ConfirmSession } from './confirm-session.ts';
import type { Link } from './connection.ts';
import { faultOf, messageOf } from './errors.ts';
import { supervise } from './wait.ts';

export class Publisher {
  readonly #link: Link;
  readonly #config: RealtimeConfig;
  readonly #stop = new AbortController();
  readonly #news = new EventEmitter<{ open: [] }>();
  #session: ConfirmSession | undefined;
  #running: Promise<void> | undefined;

  constructor(link: Link, config: RealtimeConfig) {
    this.#link = link;
    this.#config = config;
    // The broker reads nothing more from a blocked connection: waiting for these confirms would only cost time.
    link.on('blocked', () => this.#session?.giveUp());
  }

  /** Whether a publish has a chance right now. */
  get open(): boolean {
    return this.#session !== undefined && this.#link.blocked === undefined;
  }

  /** Resolves when there is a channel to publish on; rejects when `signal` is aborted before. */
  async opened(signal: AbortSignal): Promise<void> {
    this.start();
    if (!this.#session) await once(this.#news, 'open', { signal });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** See the port. Without a channel, or while the broker is blocked, everything is unconfirmed at once. */
  async publish(queue: string, packs: readonly Envelope[][]): Promise<Publication> {
    this.start();
    const session = this.#session;
    if (!session || !this.open) return noneOf(packs);
    try {
      return await session.send(queue, packs);
    } catch (error) {
      this.#config.logger.warn({ queue, reason: messageOf(error) }, 'Could not publish');
      return noneOf(packs);
    }
  }

  /** Waits for the confirms that are under way, then closes the channel. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#stop.abort();
    this.#session = undefined;
    await session?.close();
  }

  #run(): Promise<void> {
    const { signal } = this.#stop;
    const onFailure = (error: unknown) =>
      this.#config.logger.warn({ fault: faultOf(error), reason: messageOf(error) }, 'No channel to publish on');
    return supervise(signal, async () => this.#serve(await this.#link.connected(signal)), { onFailure });
  }

  /** Resolves when the channel has ended. */
  async #serve(model: ChannelModel): Promise<void> {
    const channel = await opened(model.createConfirmChannel(), 'the publishing channel', this.#config);
    const session = new ConfirmSession(model, channel, this.#config);
    if (this.#stop.signal.aborted) return session.close();
    this.#session = session;
    this.#news.emit('open');
    await session.ended;
    if (this.#session === session) this.#session = undefined;
  }
}
