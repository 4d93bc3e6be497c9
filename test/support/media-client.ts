/** Uploads to a test app and follows what becomes of it, as a client would over HTTP. */
import { openAsBlob } from 'node:fs';
import type { MediaView } from '../../src/contract/index.ts';
import { apiKey, type TestApp } from './app.ts';
import { until } from './stack.ts';

export interface Told {
  id: string | undefined;
  event: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into events of every shape
  data: any;
}

/** The JSON of an answer. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
export const bodyOf = async (answer: Response): Promise<any> => answer.json();

/** Calls of one user. */
export function mediaClient(app: TestApp, userId: string) {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': userId };
  const request = (path: string, init: RequestInit = {}) =>
    fetch(app.url + path, { ...init, headers: { ...headers, ...init.headers } });

  async function upload(content: string | Blob, metadata?: object, fields: object = {}): Promise<Response> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    if (metadata) form.set('metadata', JSON.stringify(metadata));
    form.set('file', typeof content === 'string' ? await openAsBlob(content) : content, 'no matter.what');
    return request('/v1/uploads', { method: 'POST', body: form });
  }

  const view = async (id: string): Promise<MediaView> => bodyOf(await request(`/v1/media/${id}`));

  /** Uploads and waits until the processing is over. */
  async function uploadAndWait(content: string | Blob, timeoutMs = 60_000): Promise<MediaView> {
    const { id } = await bodyOf(await upload(content));
    const over = async () => {
      const now = await view(id);
      return now.state === 'processing' ? undefined : now;
    };
    return until('the processing', over, { timeoutMs, everyMs: 50 });
  }

  /** Everything that the stream of a media tells until it ends. */
  async function events(id: string, lastEventId?: string): Promise<{ status: number; told: Told[] }> {
    const response = await request(`/v1/media/${id}/events`, {
      headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
    });
    const told = (await response.text()).split('\n\n').flatMap((block) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      return data === undefined ? [] : [{ id: field('id'), event: field('event'), data: JSON.parse(data) }];
    });
    return { status: response.status, told };
  }

  return { request, upload, uploadAndWait, view, events };
}
