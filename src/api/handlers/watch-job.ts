/** GET /v1/jobs/:id/events: the state and progress of one job as server-sent events. */
import type { JobEvent } from '../../contract/index.ts';
import { isFinal } from '../../contract/state.ts';
import { idParams } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import { eventStream } from '../../http/sse.ts';
import type { ApiDeps } from '../deps.ts';
import { heldJob } from '../held.ts';
import { visibleJob } from '../own-job.ts';
import { jobEventSchema } from '../schemas.ts';

/** The id of an event says what it tells, so that a client that resumes is not told the same again. */
const idOf = ({ state, progress }: Pick<JobEvent, 'state' | 'progress'>) =>
  [state, progress?.percent, progress?.note && encodeURIComponent(progress.note)].filter(Boolean).join('-');

export function watchJob({ operations, events }: ApiDeps) {
  return route({
    method: 'get',
    path: '/v1/jobs/:id/events',
    tag: 'jobs',
    summary: 'Follow one job; each event holds all that is known, so a reconnect misses nothing',
    access: 'either',
    scope: 'jobs:read',
    tenant: heldJob(operations),
    params: idParams,
    answer: {
      status: 200,
      description:
        'Events `job`, whose data is shown here; the stream ends after the final state. 204 to a client that ' +
        'reconnects after that.',
      contentType: 'text/event-stream',
      schema: jobEventSchema,
    },
    async handle({ params, actor, req, res }) {
      const job = await visibleJob(operations, params.id, actor);
      // EventSource would otherwise come back for ever.
      if (isFinal(job.state) && req.get('last-event-id') === idOf(job)) return { status: 204 };
      return eventStream({ req, res }, (stream) =>
        events.subscribe(params.id, (event) => {
          const id = idOf(event);
          if (id !== stream.lastEventId) stream.send({ id, event: 'job', data: event });
          if (isFinal(event.state)) stream.close();
        }),
      );
    },
  });
}
