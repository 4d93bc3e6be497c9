/** Messages as a reader sees them: while one of two people has blocked the other, neither is shown what the other wrote. */
import type { Message } from '../../contract/message-store.ts';

/** @param apart the people whom the reader has blocked or who have blocked him. */
export function shownMessage({ threadId: _, ...message }: Message, apart: ReadonlySet<string>) {
  const hidden = apart.has(message.senderId);
  return { ...message, text: hidden ? '' : message.text, hidden };
}
