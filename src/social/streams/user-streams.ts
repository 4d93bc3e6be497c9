/** The open event streams of this process: woken by Redis, fed from PostgreSQL, many of them with one read. */
import type { Logger } from '../../contract/logger.ts';
import { isId } from '../../contract/words.ts';
import type { Wakes } from './wakes.ts';

/** Milliseconds between two looks for what no wake told of. */
const lookMs = 5_000;

/** Where a reader stands: events of the user above `after` are new to him. */
export interface Place {
  userId: string;
  after: number;
}

/** Something that happened to a user, by its number among all that did. */
export interface UserEvent {
  seq: number;
  /** Undefined for what has a number but is not for streams. */
  event: string | undefined;
  data: unknown;
}

/** Where the numbered events of users are read. */
export interface StreamSource<E extends UserEvent> {
  /** The number of the user's last event, and what a stream begins with. */
  standing(userId: string): Promise<{ lastSeq: number; greeting: unknown }>;
  /** New events of many readers, each reader's in order, up to `perRead`; in the order of `places`. */
  after(places: readonly Place[]): Promise<E[][]>;
  perRead: number;
  /** Which of the readers have events that they have not seen. */
  behind(places: readonly Place[]): Promise<number[]>;
  /** Hears what was written to streams. */
  sent?(events: readonly { userId: string; event: E }[]): Promise<void>;
}

/** What a stream is sent. `ready` comes first; after `reset` the client reads its lists again. */
export interface StreamedEvent {
  id: string;
  event: string;
  data: unknown;
}

interface Reader extends Place {
  send(event: StreamedEvent): void;
}

export interface UserStreamParts<E extends UserEvent> {
  source: StreamSource<E>;
  wakes: Wakes;
  logger: Logger;
}

export class UserStreams<E extends UserEvent = UserEvent> {
  readonly #parts: UserStreamParts<E>;
  readonly #readers = new Set<Reader>();
  readonly #woken = new Set<Reader>();
  #feeding = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(parts: UserStreamParts<E>) {
    this.#parts = parts;
  }

  /**
   * Sends what happens to a user from now on, or everything after the event `after`.
   * @returns the way to stop.
   */
  async watch(userId: string, after: number | undefined, send: Reader['send']): Promise<() => void> {
    const reader: Reader = { userId, after: after ?? 0, send };
    const wake = () => this.#wake([reader]);
    const stop = () => {
      this.#readers.delete(reader);
      this.#woken.delete(reader);
      this.#parts.wakes.forget(userId, wake);
    };
    await this.#parts.wakes.listen(userId, wake);
    try {
      await this.#greet(reader, after === undefined);
    } catch (error) {
      stop();
      throw error;
    }
    this.#readers.add(reader);
    this.#looking ??= setInterval(() => void this.#look(), lookMs).unref();
    wake();
    return stop;
  }

  close(): void {
    clearInterval(this.#looking);
  }

  /** Tells a reader where he stands: at the user's last event when he begins anew. */
  async #greet(reader: Reader, anew: boolean): Promise<void> {
    const { lastSeq, greeting } = await this.#parts.source.standing(reader.userId);
    if (anew) reader.after = lastSeq;
    reader.send({ id: String(reader.after), event: 'ready', data: greeting });
    if (reader.after > lastSeq) this.#reset(reader, lastSeq);
  }

  #wake(readers: Iterable<Reader>): void {
    for (const reader of readers) if (this.#readers.has(reader)) this.#woken.add(reader);
    if (!this.#feeding) void this.#feed();
  }

  /** Reads for all that were woken meanwhile, until nobody is. */
  async #feed(): Promise<void> {
    this.#feeding = true;
    try {
      while (this.#woken.size > 0) {
        const readers = [...this.#woken];
        this.#woken.clear();
        await this.#hand(readers, await this.#parts.source.after(readers));
      }
    } catch (error) {
      this.#parts.logger.warn({ error }, 'Events of users could not be read; trying again');
    } finally {
      this.#feeding = false;
    }
  }

  async #hand(readers: readonly Reader[], found: readonly E[][]): Promise<void> {
    const { source } = this.#parts;
    const sent: { userId: string; event: E }[] = [];
    readers.forEach((reader, index) => {
      const events = found[index] ?? [];
      const [first] = events;
      if (first && first.seq > reader.after + 1) this.#reset(reader, first.seq - 1);
      for (const event of events) {
        if (event.seq <= reader.after) continue;
        reader.after = event.seq;
        if (event.event === undefined) continue;
        reader.send({ id: String(event.seq), event: event.event, data: event.data });
        sent.push({ userId: reader.userId, event });
      }
      if (events.length === source.perRead && this.#readers.has(reader)) this.#woken.add(reader);
    });
    await source.sent?.(sent);
  }

  /** Events that the reader asks for are forgotten. */
  #reset(reader: Reader, after: number): void {
    reader.after = after;
    reader.send({ id: String(after), event: 'reset', data: {} });
  }

  /** Finds readers that are behind although nobody woke them, such as while Redis was away. */
  async #look(): Promise<void> {
    const readers = [...this.#readers];
    try {
      const behind = await this.#parts.source.behind(readers);
      this.#wake(behind.map((index) => readers[index] as Reader));
    } catch (error) {
      this.#parts.logger.warn({ error }, 'Nobody could see which streams are behind; trying again');
    }
  }
}

/** `Last-Event-ID` of a stream; undefined for what no stream has sent. */
export function eventPlace(text: string | undefined): number | undefined {
  return text !== undefined && (text === '0' || isId(text)) ? Number(text) : undefined;
}
