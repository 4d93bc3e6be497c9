/** The open inbox streams of this process: woken by Redis, fed from PostgreSQL, many of them with one read. */
import type { Logger } from '../../contract/logger.ts';
import type { Message, MessageStore } from '../../contract/message-store.ts';
import type { InboxEvent, InboxPlace, InboxStore } from './inboxes.ts';
import { eventsPerRead } from './inboxes.ts';
import type { ReceiptStore, Seen } from './receipts.ts';
import type { Wakes } from './wakes.ts';

/** Milliseconds between two looks for what no wake told of. */
const lookMs = 5_000;

/** What a stream is sent. `ready` comes first; after `reset` the client reads its lists again. */
export interface StreamedEvent {
  id: string;
  event: 'ready' | 'reset' | InboxEvent['kind'];
  data: unknown;
}

interface Reader extends InboxPlace {
  send(event: StreamedEvent): void;
}

export interface InboxStreamParts {
  inboxes: InboxStore;
  messages: MessageStore;
  receipts: ReceiptStore;
  wakes: Wakes;
  logger: Logger;
}

export class InboxStreams {
  readonly #parts: InboxStreamParts;
  readonly #readers = new Set<Reader>();
  readonly #woken = new Set<Reader>();
  #feeding = false;
  #looking: NodeJS.Timeout | undefined;

  constructor(parts: InboxStreamParts) {
    this.#parts = parts;
  }

  /**
   * Sends what happens in a user's inbox from now on, or everything after the event `after`.
   * @returns the way to stop.
   */
  async watch(userId: string, after: number | undefined, send: Reader['send']): Promise<() => void> {
    const reader: Reader = { userId, after: after ?? 0, send };
    const wake = () => this.#wake([reader]);
    await this.#parts.wakes.listen(userId, wake);
    const { lastSeq, unreadThreads } = await this.#parts.inboxes.standing(userId);
    if (after === undefined) reader.after = lastSeq;
    send({ id: String(reader.after), event: 'ready', data: { unreadThreads } });
    if (reader.after > lastSeq) this.#reset(reader, lastSeq);
    this.#readers.add(reader);
    this.#looking ??= setInterval(() => void this.#look(), lookMs).unref();
    wake();
    return () => {
      this.#readers.delete(reader);
      this.#woken.delete(reader);
      this.#parts.wakes.forget(userId, wake);
    };
  }

  close(): void {
    clearInterval(this.#looking);
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
        await this.#hand(readers, await this.#parts.inboxes.after(readers));
      }
    } catch (error) {
      this.#parts.logger.warn({ error }, 'Events of direct messages could not be read; trying again');
    } finally {
      this.#feeding = false;
    }
  }

  async #hand(readers: readonly Reader[], found: readonly InboxEvent[][]): Promise<void> {
    const texts = await this.#texts(found.flat());
    const seen: Seen[] = [];
    readers.forEach((reader, index) => {
      const events = found[index] ?? [];
      const [first] = events;
      if (first && first.seq > reader.after + 1) this.#reset(reader, first.seq - 1);
      for (const event of events) {
        if (event.seq <= reader.after) continue;
        reader.after = event.seq;
        reader.send({ id: String(event.seq), event: event.kind, data: toData(event, texts) });
        if (event.kind === 'message' && event.actorId !== reader.userId)
          seen.push({ threadId: event.threadId, userId: reader.userId, seq: event.messageSeq });
      }
      if (events.length === eventsPerRead && this.#readers.has(reader)) this.#woken.add(reader);
    });
    await this.#parts.receipts.delivered(seen);
  }

  /** Events that the reader asks for are forgotten. */
  #reset(reader: Reader, after: number): void {
    reader.after = after;
    reader.send({ id: String(after), event: 'reset', data: {} });
  }

  async #texts(events: readonly InboxEvent[]): Promise<ReadonlyMap<string, Message>> {
    const wanted = new Map<string, { threadId: string; seq: number }>();
    for (const { kind, threadId, messageSeq } of events)
      if (kind === 'message') wanted.set(`${threadId}/${messageSeq}`, { threadId, seq: messageSeq });
    const found = await this.#parts.messages.find([...wanted.values()]);
    return new Map(found.map((message) => [`${message.threadId}/${message.seq}`, message]));
  }

  /** Finds readers that are behind although nobody woke them, such as while Redis was away. */
  async #look(): Promise<void> {
    const readers = [...this.#readers];
    try {
      const behind = await this.#parts.inboxes.behind(readers);
      this.#wake(behind.map((index) => readers[index] as Reader));
    } catch (error) {
      this.#parts.logger.warn({ error }, 'Inboxes could not be looked at; trying again');
    }
  }
}

function toData(event: InboxEvent, texts: ReadonlyMap<string, Message>) {
  const { kind, threadId, actorId, messageSeq, unreadCount, hidden } = event;
  if (kind !== 'message') return { threadId, userId: actorId, seq: messageSeq, unreadCount };
  const message = texts.get(`${threadId}/${messageSeq}`);
  return {
    threadId,
    seq: messageSeq,
    id: message?.id,
    senderId: actorId,
    text: hidden ? '' : message?.text,
    hidden,
    createdAt: message?.createdAt,
    unreadCount,
  };
}
