/** The port of a lane: it carries envelopes to workers, fast, at least once, and may forget everything at any moment. */
import type { Envelope } from './envelope.ts';
import type { LaneName } from './words.ts';

/** What became of a publish. Jobs whose envelope was not confirmed stay in the ledger and are published again. */
export interface Publication {
  /** Envelopes that the broker has confirmed. */
  confirmed: number;
  /** Ids that were refused, returned as unroutable, or whose confirm did not come in time. */
  unconfirmed: string[];
}

/** One envelope in the hands of this process. Exactly one of the two methods is called, once. */
export interface Delivery {
  readonly envelope: Envelope;
  /** The broker had given it out before: to a process that died, or that gave it back. */
  readonly redelivered: boolean;
  /** The ledger knows what becomes of the job; the broker may forget it. */
  ack(): void;
  /** Not wanted here after all: the broker gives it to another consumer. */
  release(): void;
}

export interface Consumption {
  readonly queue: string;
  /** Stops deliveries; those already handed over can still be acked or released. Resolves when the broker agreed. */
  stop(): Promise<void>;
  /** After every delivery was acked or released: waits until the broker has heard of it, then lets go. */
  close(): Promise<void>;
  /**
   * Nothing comes any more although it should: tears down what it consumes with (channel, worker, and the connection when
   * that does not answer) and makes it anew. What was handed over and not settled comes again. Resolves when the old one
   * is given up, never rejects; does nothing while the broker can't be reached, since connecting goes on by itself.
   */
  rebuild(): Promise<void>;
}

/** What the broker itself counts for a queue: messages, each of one envelope or a pack. */
export interface LaneDepth {
  /** In the broker, given to nobody. */
  ready: number;
  /** Given to a consumer and not acked. */
  unacked: number;
  consumers: number;
}

export interface LaneHealth {
  up: boolean;
  /** Server and version: `RabbitMQ 3.10.8`. */
  server?: string;
  /** Why it is down, or what worries it (memory alarm, wrong eviction policy). */
  detail?: string;
  /** What is worth knowing while all is well: `noeviction, AOF`, `no alarm`. */
  note?: string;
  /** What the server uses of what it may; null: it has no limit of its own. Bytes. */
  memory?: { used: number; most: number | null };
  /** Of its disk, bytes: the room on it, below which room it stops, what it keeps there. Null where it does not tell. */
  disk?: { free: number | null; least: number | null; used: number | null };
}

export interface Lane {
  readonly name: LaneName;
  /** Connects in the background and keeps trying; resolves at once, never rejects because a broker is down. */
  start(): Promise<void>;
  /** Makes sure of the first connection; rejects with a message that names the cure after `timeoutMs`. */
  ready(timeoutMs: number): Promise<void>;
  /** Whether a publish has a chance right now: connected and not blocked. */
  isUp(): boolean;
  /**
   * Publishes to one queue and waits for the confirms. Never throws: what did not arrive is in `unconfirmed`.
   * @param pack most envelopes in one message of the broker. Default 1
   */
  publish(queue: string, envelopes: readonly Envelope[], pack?: number): Promise<Publication>;
  /** Delivers up to `buffer` unacked messages at a time, across reconnects, until stopped. */
  consume(queue: string, options: { buffer: number }, onDelivery: (delivery: Delivery) => void): Promise<Consumption>;
  /** Undefined when the broker can't be asked now. */
  inspect(queue: string): Promise<LaneDepth | undefined>;
  health(): Promise<LaneHealth>;
  /** Deletes a queue and what is in it; tests and the removal of a prefix use it. */
  purge(queue: string): Promise<void>;
  close(): Promise<void>;
}
