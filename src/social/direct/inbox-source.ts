/** What streams of inboxes are fed from: the numbered events, with the texts of messages. Each message written is a receipt. */
import type { Message, MessageStore } from '../../contract/message-store.ts';
import type { Place, StreamSource, UserEvent } from '../streams/user-streams.ts';
import type { InboxEvent, InboxStore } from './inboxes.ts';
import { eventsPerRead } from './inboxes.ts';
import type { ReceiptStore } from './receipts.ts';

export interface InboxSourceParts {
  inboxes: InboxStore;
  messages: MessageStore;
  receipts: ReceiptStore;
}

interface ShownEvent extends UserEvent {
  of: InboxEvent;
}

export class InboxSource implements StreamSource<ShownEvent> {
  readonly perRead = eventsPerRead;
  readonly #parts: InboxSourceParts;

  constructor(parts: InboxSourceParts) {
    this.#parts = parts;
  }

  async standing(userId: string) {
    const { lastSeq, unreadThreads } = await this.#parts.inboxes.standing(userId);
    return { lastSeq, greeting: { unreadThreads } };
  }

  async after(places: readonly Place[]): Promise<ShownEvent[][]> {
    const found = await this.#parts.inboxes.after(places);
    const texts = await this.#texts(found.flat());
    return found.map((events) => events.map((of) => ({ seq: of.seq, event: of.kind, data: toData(of, texts), of })));
  }

  behind(places: readonly Place[]): Promise<number[]> {
    return this.#parts.inboxes.behind(places);
  }

  async sent(events: readonly { userId: string; event: ShownEvent }[]): Promise<void> {
    const seen = events.flatMap(({ userId, event: { of } }) =>
      of.kind === 'message' && of.actorId !== userId ? [{ threadId: of.threadId, userId, seq: of.messageSeq }] : [],
    );
    await this.#parts.receipts.delivered(seen);
  }

  async #texts(events: readonly InboxEvent[]): Promise<ReadonlyMap<string, Message>> {
    const wanted = new Map<string, { threadId: string; seq: number }>();
    for (const { kind, threadId, messageSeq } of events)
      if (kind === 'message') wanted.set(`${threadId}/${messageSeq}`, { threadId, seq: messageSeq });
    const found = await this.#parts.messages.find([...wanted.values()]);
    return new Map(found.map((message) => [`${message.threadId}/${message.seq}`, message]));
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
