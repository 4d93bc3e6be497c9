/** Outgoing HTTP for URLs that somebody else chose: guarded, with limits on time, redirects and what is sent along. */
import { type IncomingMessage, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { isIP } from 'node:net';
import { TwolaneError } from '../contract/errors.ts';
import type { Outgoing, OutgoingCall } from '../contract/outgoing.ts';
import { Guard, type GuardOptions, hostOf, OutgoingRefused } from './guard.ts';

const redirected = new Set([301, 302, 303, 307, 308]);

export function createOutgoing(options: GuardOptions): Outgoing {
  const guard = new Guard(options);
  return {
    check: (url, schemes) => void guard.checkUrl(url, schemes),
    async call({ redirects = 0, ...call }) {
      const deadline = AbortSignal.timeout(call.timeoutMs);
      const signal = call.signal ? AbortSignal.any([call.signal, deadline]) : deadline;
      try {
        for (let url = call.url, left = redirects; ; left -= 1) {
          const answer = await once(guard, { ...call, url }, signal);
          const next = redirected.has(answer.statusCode ?? 0) ? answer.headers.location : undefined;
          if (next === undefined || redirects === 0) return watched(answer, call);
          answer.destroy();
          if (left === 0) throw new TwolaneError('too_many_redirects', `More than ${redirects} redirects`);
          url = resolved(next, url);
        }
      } catch (error) {
        if (deadline.aborted && !call.signal?.aborted)
          throw new TwolaneError('timed_out', `No answer within ${call.timeoutMs} ms`, { cause: error });
        throw error;
      }
    },
  };
}

/** One request on a connection of its own, to an address that was checked; TLS and Host go by the name. */
function once(guard: Guard, call: Omit<OutgoingCall, 'redirects'>, signal: AbortSignal): Promise<IncomingMessage> {
  const url = guard.checkUrl(call.url, call.schemes);
  const host = hostOf(url);
  const send = url.protocol === 'https:' ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = send({
      method: call.method,
      host,
      port: url.port || (url.protocol === 'https:' ? 443 : 80),
      path: url.pathname + url.search,
      headers: { host: url.host, 'user-agent': 'Twolane', 'accept-encoding': 'identity', ...call.headers },
      lookup: guard.lookupFor(url, call.schemes),
      ...(isIP(host) ? {} : { servername: host }),
      agent: false,
      maxHeaderSize: 16 * 1024,
    });
    const abort = () => request.destroy(signal.reason as Error);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    request.on('error', reject);
    request.once('response', (answer) => {
      // From here on the body has a limit of its own.
      signal.removeEventListener('abort', abort);
      resolve(answer);
    });
    request.once('close', () => signal.removeEventListener('abort', abort));
    request.end(call.body);
  });
}

/** The body fails when it stands still or its reader's work is no longer wanted. */
function watched(answer: IncomingMessage, { idleMs, timeoutMs, signal }: OutgoingCall): IncomingMessage {
  const limit = idleMs ?? timeoutMs;
  answer.setTimeout(limit, () => answer.destroy(new TwolaneError('timed_out', `Nothing came for ${limit} ms`)));
  const abort = () => answer.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', abort, { once: true });
  answer.once('close', () => signal?.removeEventListener('abort', abort));
  return answer;
}

function resolved(location: string, base: string): string {
  if (!URL.canParse(location, base)) throw new OutgoingRefused('The redirect leads to no URL');
  return new URL(location, base).href;
}
