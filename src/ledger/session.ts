/**
 * The life sign of a process: a row with a heartbeat each second, and an advisory lock on a connection of its own that
 * PostgreSQL frees the moment the process dies. Without a confirmed heartbeat for one lease the process must stop its work.
 */
import {
  type Clock,
  type ConsumerHealth,
  type Envelope,
  type Logger,
  type QueuePath,
  type Repetition,
  readPack,
} from '../contract/index.ts';
import type { Database } from './database.ts';
import { SessionLock } from './session-lock.ts';

export interface Liveness {
  running: number;
  /** Unclaimed deliveries per queue in this process. */
  buffered: Record<QueuePath, number>;
  consumers: Record<QueuePath, ConsumerHealth>;
  draining: boolean;
}

export interface SessionOptions {
  database: Database;
  clock: Clock;
  host: string;
  role: string;
  version: string;
  queues: readonly { queue: QueuePath; concurrency: number }[];
  /** Job types that this process can run, with the highest version of each. */
  knows: Readonly<Record<string, number>>;
  leaseMs: number;
  logger: Logger;
  liveness(): Liveness;
  /** Jobs of this session that somebody wants cancelled. */
  onCancel(ids: readonly string[]): void;
  /** Jobs were refused by a worker that does not know them, in this queue or, without one, anywhere. */
  onOffer(queue?: string): void;
  /** Urgent or high jobs of a queue that go before all that waits in buffers and brokers. */
  onFirst(queue: QueuePath, envelopes: readonly Envelope[]): void;
  /** An operator wants this process to take no more work and to end when what runs is done. Told with every heartbeat. */
  onDrain(): void;
  /** The session was judged dead or could not beat for a lease: everything that runs belongs to others now. */
  onLost(): void;
}

const beatMs = 1_000;

interface Beat {
  alive: boolean;
  cancelled: string[];
  offered: boolean;
  drain: boolean;
}

export class Session {
  readonly #options: SessionOptions;
  #id: number | undefined;
  readonly #lock: SessionLock;
  #ticking: Repetition | undefined;
  #confirmedAt = 0;
  #beating: Promise<void> | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#lock = new SessionLock({
      ...options,
      listen: {
        channels: ['cancel', 'offer', 'first'],
        onNotice: (channel, payload) => this.#heard(channel, payload),
      },
      // At once: without the lock the process looks dead.
      onBroken: () => this.beatSoon(),
    });
  }

  /** The session to claim with; undefined while this process has none and may claim nothing. */
  get id(): number | undefined {
    return this.#id;
  }

  /** `host:pid`, as attempts and outcomes name the worker. */
  get worker(): string {
    return `${this.#options.host}:${process.pid}`;
  }

  async start(): Promise<void> {
    await this.#register();
    this.#ticking = this.#options.clock.repeat(beatMs, async () => {
      this.#tick();
      return beatMs;
    });
  }

  /** Ends the session in good order. Jobs that still run go back to waiting. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#ticking?.stop();
    await this.#beating;
    if (this.#id !== undefined) {
      await this.#options.database
        .query('select twolane.bury($1, $2, true)', [this.#id, 'its worker was stopped'])
        .catch((error) => {
          this.#options.logger.warn({ error }, 'The session could not be ended; others will find it dead');
        });
    }
    this.#id = undefined;
    await this.#lock.end();
  }

  /** Something changed that others should know before the next heartbeat. */
  beatSoon(): void {
    if (this.#id !== undefined) this.#tick();
  }

  #tick(): void {
    this.#beating ??= this.#beat()
      .catch((error) => this.#options.logger.warn({ error }, 'The heartbeat failed'))
      .finally(() => {
        this.#beating = undefined;
      });
    // Checked beside the beat: a beat that hangs must not hide that the lease is over.
    if (this.#id !== undefined && performance.now() - this.#confirmedAt > this.#options.leaseMs - beatMs) this.#lose();
  }

  async #beat(): Promise<void> {
    if (this.#closed) return;
    if (this.#id === undefined) return this.#register();
    await this.#lock.keep(this.#id);
    const sentAt = performance.now();
    const { running, buffered, consumers, draining } = this.#options.liveness();
    const memory = process.memoryUsage.rss();
    const { rows } = await this.#options.database.relaxed.query<Beat>(
      'select * from twolane.heartbeat($1, $2, $3, $4, $5, $6)',
      [this.#id, running, JSON.stringify(buffered), JSON.stringify(consumers), memory, draining],
    );
    const [answer] = rows;
    if (!answer?.alive) return this.#lose();
    this.#confirmedAt = sentAt;
    if (answer.cancelled.length > 0) this.#options.onCancel(answer.cancelled);
    if (answer.offered) this.#options.onOffer();
    if (answer.drain) this.#options.onDrain();
  }

  #lose(): void {
    this.#id = undefined;
    this.#options.logger.warn(
      { worker: this.worker },
      'This process was out of touch for too long; its jobs belong to others now',
    );
    this.#lock.drop();
    this.#options.onLost();
  }

  async #register(): Promise<void> {
    const { database, host, role, version, queues, knows } = this.#options;
    const sentAt = performance.now();
    // The id first, then its lock, then the row: a session that can be seen is locked.
    const { rows } = await database.query<{ id: number }>(`select nextval('twolane.session_ids')::int as id`);
    const id = (rows[0] as { id: number }).id;
    await this.#lock.keep(id);
    await database.query(
      'insert into twolane.sessions (id, host, pid, role, version, queues, knows) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, host, process.pid, role, version, JSON.stringify(queues), JSON.stringify(knows)],
    );
    this.#confirmedAt = sentAt;
    this.#id = id;
  }

  #heard(channel: string, payload: string): void {
    if (!payload) return;
    if (channel === 'offer') this.#options.onOffer(payload);
    else if (channel === 'first') this.#first(JSON.parse(payload));
    else this.#options.onCancel(payload.split(','));
  }

  #first({ queue, pack }: { queue: QueuePath; pack: unknown }): void {
    const envelopes = readPack(pack);
    if (envelopes) this.#options.onFirst(queue, envelopes);
  }
}
