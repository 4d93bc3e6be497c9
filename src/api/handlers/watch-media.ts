/** GET /v1/media/:id/events: progress and state of one media as server-sent events. */
import type { JobEvent, MediaService, MediaView } from '../../contract/index.ts';
import { isFinal } from '../../contract/state.ts';
import { idParams } from '../../http/page.ts';
import { type Call, route } from '../../http/route.ts';
import { type EventStream, eventStream } from '../../http/sse.ts';
import { heldMedia } from '../held.ts';
import { ownMedia } from '../own-media.ts';
import type { MediaDeps } from './media-routes.ts';

export function watchMedia({ media, events }: MediaDeps) {
  return route({
    method: 'get',
    path: '/v1/media/:id/events',
    tag: 'Media',
    summary: 'Follow the processing; each event holds all that is known, so a reconnect misses nothing',
    access: 'user',
    tenant: heldMedia(media),
    params: idParams,
    answer: {
      status: 200,
      description:
        'Events `progress` with `{state, jobState, percent, note}`, then one event `state` with the media; the stream ' +
        'ends there. 204 to a client that reconnects after the last event.',
      contentType: 'text/event-stream',
    },
    async handle({ params, userId, req, res }: Call<{ id: string }>) {
      const found = await ownMedia(media, params.id, userId);
      // EventSource would otherwise come back for ever.
      if (found.state !== 'processing' && req.get('last-event-id') === found.state) return { status: 204 };
      return eventStream({ req, res }, (stream) => {
        if (found.state !== 'processing') {
          sendState(stream, found);
          return () => undefined;
        }
        return events.subscribe(found.jobId, (event) => tell(stream, media, found.id, event));
      });
    },
  });
}

/** The id of an event says what it tells, so that a client that resumes is not told the same again. */
function tell(stream: EventStream, media: MediaService, mediaId: string, event: JobEvent): void {
  if (isFinal(event.state)) return void tellEnd(stream, media, mediaId);
  const percent = event.progress?.percent ?? 0;
  const id = `${event.state}-${percent}`;
  if (id === stream.lastEventId) return;
  const data = { state: 'processing', jobState: event.state, percent, note: event.progress?.note ?? null };
  stream.send({ id, event: 'progress', data });
}

async function tellEnd(stream: EventStream, media: MediaService, mediaId: string): Promise<void> {
  // Removed meanwhile, or not to be known right now: the client comes back, and is told by a status of its own.
  const view = await media.view(mediaId).catch(() => undefined);
  if (view && view.state !== 'processing') sendState(stream, view);
  else stream.close();
}

function sendState(stream: EventStream, view: MediaView): void {
  stream.send({ id: view.state, event: 'state', data: view });
  stream.close();
}
