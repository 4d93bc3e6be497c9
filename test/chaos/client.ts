/** A client of the product that never gives up on what it has begun: an answer that did not come is asked for again, with the same key. */
import { apiKey } from './environment.ts';
import type { Fleet } from './fleet.ts';

/** What became of one request: accepted, refused for good, or not known although it was tried until the end. */
export type Outcome =
  // biome-ignore lint/suspicious/noExplicitAny: the ledger looks into answers of several shapes
  { kind: 'accepted'; body: any } | { kind: 'refused'; status: number; why: string } | { kind: 'unknown' };

export interface Request {
  method: string;
  path: string;
  user?: string;
  body?: unknown;
  form?: () => FormData;
  idempotencyKey?: string;
}

const answerMs = 10_000;

export class Client {
  readonly #fleet: Fleet;
  #turn = 0;
  /** Tries without an answer, or with one that asks to come again. */
  repeated = 0;
  /** Set it to stop asking for what has no answer yet. */
  closed = false;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** Tries one API process after the other until somebody has answered. */
  async send(request: Request): Promise<Outcome> {
    while (!this.closed) {
      const outcome = await this.#try(request);
      if (outcome) return outcome;
      this.repeated += 1;
      await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 400));
    }
    return { kind: 'unknown' };
  }

  async #try({ method, path, user, body, form, idempotencyKey }: Request): Promise<Outcome | undefined> {
    const apis = this.#fleet.of('api');
    const url = apis[this.#turn++ % apis.length]?.url + path;
    const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` };
    if (user) headers['x-acting-user'] = user;
    if (idempotencyKey) headers['idempotency-key'] = idempotencyKey;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const sent = form ? form() : body === undefined ? undefined : JSON.stringify(body);
    try {
      const answer = await fetch(url, { method, headers, body: sent, signal: AbortSignal.timeout(answerMs) });
      const text = await answer.text();
      if (answer.ok) return { kind: 'accepted', body: text === '' ? undefined : JSON.parse(text) };
      // 409: the first try of this very request is still under way, or was when its process ended.
      if (answer.status >= 500 || answer.status === 429 || answer.status === 409) return undefined;
      return { kind: 'refused', status: answer.status, why: text.slice(0, 300) };
    } catch {
      // Cut off, refused or late: it may have been done or not.
      return undefined;
    }
  }
}
