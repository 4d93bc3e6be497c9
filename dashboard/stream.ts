/** An event stream that ends when its operator is logged out. */

import type { Call, Reply } from '../src/http/route.ts';
import { type EventStream, eventStream } from '../src/http/sse.ts';
import { findOperator } from './access.ts';
import type { DashboardDeps } from './deps.ts';

const recheckMs = 15_000;

/** As `eventStream`; whoever is no longer an operator is let go within 15 s. */
export function operatorStream(deps: DashboardDeps, call: Call, start: (stream: EventStream) => () => void): Reply {
  return eventStream(call, (stream) => {
    const recheck = setInterval(() => {
      findOperator(deps, call.req)
        .then((operator) => operator || stream.close())
        .catch((error: unknown) => deps.logger.warn({ err: error }, 'Could not check who follows the dashboard'));
    }, recheckMs).unref();
    const stop = start(stream);
    return () => {
      clearInterval(recheck);
      stop();
    };
  });
}
