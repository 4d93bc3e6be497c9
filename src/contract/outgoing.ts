/** The port for calls to URLs that somebody else chose: guarded, with limits on time, redirects and what is sent along. */
import type { IncomingMessage } from 'node:http';

/** Schemes of public hosts; what is allowed by the configuration may be called by `http:` always. */
export type Scheme = 'http:' | 'https:';

export interface OutgoingCall {
  url: string;
  method: 'GET' | 'POST';
  /** Beside Host, User-Agent and the length of the body. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For hosts of the internet. What the configuration allows may also be called without TLS. */
  schemes: readonly Scheme[];
  /** Until the head of the answer is here, redirects included, milliseconds. */
  timeoutMs: number;
  /** The answer's body must not stand still for longer, milliseconds. Default `timeoutMs`. */
  idleMs?: number;
  /** How many redirects are followed, each checked like the first URL. Default none: the redirect is the answer. */
  redirects?: number;
  signal?: AbortSignal;
}

export interface Outgoing {
  /** @throws TwolaneError `url_refused` for a URL that no call may go to, as far as that is known without asking the network. */
  check(url: string, schemes: readonly Scheme[]): void;
  /**
   * Makes the call; the caller reads or destroys the body.
   * @throws TwolaneError `url_refused`, `timed_out`, `too_many_redirects`; the errors of Node.js for what the network did
   */
  call(call: OutgoingCall): Promise<IncomingMessage>;
}
