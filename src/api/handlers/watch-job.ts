/** GET /v1/jobs/:id/events: the state and progress of one job as server-sent events. */
import { isFinal } from '../../contract/state.ts';
import { idParams } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import { eventStream } from '../../http/sse.ts';
import type { ApiDeps } from '../deps.ts';
import { visibleJob } from '../own-job.ts';

export function watchJob({ operations, events }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/events',
    tag: 'jobs',
    summary: 'Follow one job; each event holds all that is known, so a reconnect misses nothing',
    access: 'either',
    scope: 'jobs:read',
    params: idParams,
    answer: {
      status: 200,
      description: 'Events `job` with `{id, state, progress}`; the stream ends after the final state.',
      contentType: 'text/event-stream',
    },
    async handle({ params, actor, req, res }) {
      await visibleJob(operations, params.id, actor);
      return eventStream({ req, res }, (stream) =>
        events.subscribe(params.id, (event) => {
          stream.send({ event: 'job', data: event });
          if (isFinal(event.state)) stream.close();
        }),
      );
    },
  });
}
