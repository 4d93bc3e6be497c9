/** Takes the tasks of Celery producers from a queue of RabbitMQ: each enters the ledger before its message is acked. */
import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { type Logger, TwolaneError } from '../../contract/index.ts';
import { Acks } from '../../lanes/realtime/acks.ts';
import { giveUp, onOwnChannel, opened } from '../../lanes/realtime/channels.ts';
import { limits, type RealtimeConfig, realtimeConfig } from '../../lanes/realtime/config.ts';
import { Link } from '../../lanes/realtime/connection.ts';
import { messageOf } from '../../lanes/realtime/errors.ts';
import { supervise, within } from '../../lanes/realtime/wait.ts';
import { handOver } from '../hand-over.ts';
import type { Platform } from '../platform.ts';
import { RefusedError, readTask } from './message.ts';
import { RefusedQueue } from './refused-queue.ts';
import { type CeleryTasks, type MappedTasks, resolveTasks, toJob } from './tasks.ts';

export interface CeleryOptions {
  /** RabbitMQ, with the virtual host that the producers use. */
  url: string;
  /** Celery calls it `celery` unless told otherwise. It is the producers' to declare. */
  queue: string;
  tasks: CeleryTasks;
  /** Where messages go that can't be taken. Default: `<queue>.refused`. */
  refused?: string;
  /** Messages in the hands of this process. Default 500. */
  buffer?: number;
}

export interface CeleryCounts {
  /** Messages that the ledger has taken, repeats included. */
  taken: number;
  refused: number;
}

export class CeleryConsumer {
  readonly counts: CeleryCounts = { taken: 0, refused: 0 };
  readonly #platform: Platform;
  readonly #logger: Logger;
  readonly #queue: string;
  readonly #refusedName: string;
  readonly #buffer: number;
  readonly #tasks: MappedTasks;
  readonly #config: RealtimeConfig;
  readonly #link: Link;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #session: { channel: ConfirmChannel; acks: Acks; tag: string } | undefined;
  #running: Promise<void> | undefined;

  /** @throws TwolaneError `invalid_mapping` */
  constructor(platform: Platform, options: CeleryOptions) {
    this.#platform = platform;
    this.#logger = platform.logger.child({ component: 'celery', queue: options.queue });
    this.#queue = options.queue;
    this.#refusedName = options.refused ?? `${options.queue}.refused`;
    this.#buffer = options.buffer ?? 500;
    this.#tasks = resolveTasks(platform.catalog, options.tasks);
    this.#config = realtimeConfig({ url: brokerUrl(options.url), prefix: 'twolane-celery', logger: this.#logger });
    this.#link = new Link('consuming', this.#config);
  }

  /** Consumes in the background until `stop`, across lost connections, and waits for a queue that is not there yet. */
  start(): void {
    const { signal } = this.#stop;
    let last = '';
    const onFailure = (error: unknown) => {
      const reason = (error as { code?: number }).code === 404 ? this.#noQueue() : messageOf(error);
      if (reason !== last) this.#logger.warn({ reason }, 'Celery tasks can not be taken now; trying again');
      last = reason;
    };
    this.#running ??= supervise(signal, async () => this.#serve(await this.#link.connected(signal)), { onFailure });
  }

  /** Hands over what is in its hands, or gives it back, and lets go. */
  async stop(): Promise<void> {
    this.#stop.abort();
    const session = this.#session;
    if (session) await this.#politely('cancelling the consumer', () => session.channel.cancel(session.tag));
    await Promise.all(this.#underWay);
    if (session) {
      session.acks.flush();
      await this.#politely('closing the channel', () => session.channel.close());
    }
    await this.#link.close();
    await this.#running;
  }

  #noQueue(): string {
    return `There is no queue ${this.#queue} in this virtual host; the first producer makes it`;
  }

  /** Consumes until the channel ends. */
  async #serve(model: ChannelModel): Promise<void> {
    await onOwnChannel(model, this.#config, (channel) => channel.checkQueue(this.#queue));
    const channel = await opened(model.createConfirmChannel(), 'the channel of Celery', this.#config);
    const ended = new Promise<void>((resolve) => channel.on('close', () => resolve()));
    const acks = new Acks(channel);
    const refused = new RefusedQueue(channel, this.#refusedName);
    try {
      await within(limits.answerMs, channel.prefetch(this.#buffer), 'the prefetch');
      const onMessage = (message: ConsumeMessage | null) => {
        // The queue was deleted under us: begin again, and wait for a new one.
        if (!message) giveUp(channel, this.#config);
        else this.#keep(this.#take(message, acks, refused, channel));
      };
      const consuming = channel.consume(this.#queue, onMessage);
      const { consumerTag } = await within(limits.subscribeMs, consuming, 'the consumer');
      if (this.#stop.signal.aborted) return giveUp(channel, this.#config);
      this.#session = { channel, acks, tag: consumerTag };
    } catch (error) {
      giveUp(channel, this.#config);
      throw error;
    }
    await ended;
    this.#session = undefined;
  }

  async #take(message: ConsumeMessage, acks: Acks, refused: RefusedQueue, channel: ConfirmChannel): Promise<void> {
    acks.add(message);
    try {
      const item = toJob(this.#tasks, readTask(message));
      const { signal } = this.#stop;
      const job = await handOver({ enqueuer: this.#platform, logger: this.#logger, signal }, item);
      if (!job) return acks.refuse(message, true);
      this.counts.taken++;
    } catch (error) {
      const why = reasonOf(error);
      if (!(await this.#refuse(message, refused, why))) return giveUp(channel, this.#config);
    }
    acks.ack(message);
  }

  /** False when RabbitMQ did not take it: then the message must not be acked. */
  async #refuse(
    message: ConsumeMessage,
    refused: RefusedQueue,
    why: { code: string; reason: string },
  ): Promise<boolean> {
    try {
      await within(limits.confirmMs, refused.put(message, why), 'the confirm of a refused message');
    } catch (error) {
      this.#logger.error(
        { reason: messageOf(error) },
        'A refused message could not be put aside; it stays in its queue',
      );
      return false;
    }
    this.counts.refused++;
    this.#logger.warn({ ...why, target: this.#refusedName }, 'A message was refused and put aside');
    return true;
  }

  #keep(work: Promise<void>): void {
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #politely(what: string, say: () => Promise<unknown>): Promise<void> {
    try {
      await within(limits.closeMs, say(), what);
    } catch (error) {
      this.#logger.warn({ reason: messageOf(error) }, 'RabbitMQ did not answer');
    }
  }
}

/** Celery writes `pyamqp://` for its usual client, and an empty virtual host for `/`. */
function brokerUrl(url: string): string {
  const read = new URL(url.replace(/^(py|librabbitmq\+)?amqp(s?):/, 'amqp$2:'));
  if (read.pathname === '/') read.pathname = '';
  return read.href;
}

/** What the ledger refuses for good (a payload that does not fit, say) is refused here, too. */
function reasonOf(error: unknown): { code: string; reason: string } {
  if (error instanceof RefusedError) return { code: error.code, reason: error.message };
  if (error instanceof TwolaneError) return { code: 'not_accepted', reason: error.message };
  return { code: 'not_accepted', reason: `The ledger does not take it: ${messageOf(error)}` };
}
