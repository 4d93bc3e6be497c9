/** What a channel is told of an alert: an event by Standard Webhooks, with a `text` that chats show as it is. Pure. */
import { alertKinds, chapterId, type Finding, type JsonObject } from '../contract/index.ts';

type Event = 'firing' | 'resolved';

export function noticeOf(
  { id, kind, target, message, value, since }: Finding & { id: string; since: string },
  event: Event,
  at: Date,
  publicUrl: string | undefined,
): JsonObject {
  const { title, runbook } = alertKinds[kind];
  const pages = publicUrl?.replace(/\/$/, '');
  const links = pages && { url: `${pages}/ops/alerts`, runbookUrl: `${pages}/ops/runbook#${chapterId(runbook)}` };
  return {
    type: `alert.${event}`,
    timestamp: at.toISOString(),
    text: event === 'firing' ? message : `Well again: ${title.toLowerCase()}, ${target}`,
    data: { id, kind, target, message, value, since, runbook, ...links },
  };
}
