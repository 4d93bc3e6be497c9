/** Hands a user's events to the client that follows them, from the one after `Last-Event-ID` on. */
import type { Logger } from '../../contract/logger.ts';
import type { Call, Reply } from '../../http/route.ts';
import { eventStream } from '../../http/sse.ts';
import { eventPlace, type UserStreams } from '../streams/user-streams.ts';

export function followEvents(
  { userId, req, res }: Pick<Call, 'userId' | 'req' | 'res'>,
  { streams, logger }: { streams: Pick<UserStreams, 'watch'>; logger: Logger },
): Reply {
  return eventStream({ req, res }, (stream) => {
    const watching = streams.watch(userId, eventPlace(stream.lastEventId), stream.send);
    watching.catch((error) => {
      logger.warn({ error }, 'Events could not be followed; the client comes back');
      stream.close();
    });
    return () => void watching.then((stop) => stop()).catch(() => undefined);
  });
}
