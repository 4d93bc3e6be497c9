/** How a request is sent: with its key, repeated where that is safe, and with every refusal as a `ProblemError`. */
import { type ProblemError, problemOf, UnreachableError } from './problem.ts';

export interface SendOptions {
  /** An API key or token; a function is asked before each request. */
  key?: string | undefined | (() => string | Promise<string>);
  /** For an API key with the scope `act`: the user for whom it acts. */
  actingUser?: string;
  /** How often a request is repeated. Default 3. */
  retries?: number;
  /** A server that wants to be left alone for longer than this is not waited for, milliseconds. Default 30,000. */
  mostWaitMs?: number;
  /** Time for one answer, milliseconds. Default 30,000. */
  timeoutMs?: number;
  /** Default: the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/** @throws ProblemError, UnreachableError, or the reason of the request's signal */
export type Send = (request: Request) => Promise<Response>;

const firstDelayMs = 200;
/** Statuses that ask for another try: too many, a gateway without an answer, not now. */
const passing: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Builds the sender. A POST gets an Idempotency-Key unless it has one, so that its repetition has no second effect. GET,
 * PUT and DELETE may be repeated as they are; PATCH is sent once.
 */
export function sender({ retries = 3, mostWaitMs = 30_000, timeoutMs = 30_000, ...options }: SendOptions): Send {
  const ask = options.fetch ?? ((request: Request) => fetch(request));
  return async (request) => {
    await prepare(request, options);
    const most = request.method === 'PATCH' ? 0 : retries;
    for (let tries = 0; ; tries += 1) {
      const outcome = await attempt(ask, request.clone(), timeoutMs);
      if (outcome instanceof Response) return outcome;
      request.signal.throwIfAborted();
      const delayMs = delayAfter(outcome, tries);
      if (tries >= most || delayMs === undefined || delayMs > mostWaitMs) throw outcome;
      await pause(delayMs, request.signal);
    }
  };
}

async function prepare(request: Request, { key, actingUser }: SendOptions): Promise<void> {
  const { headers, method } = request;
  const bearer = typeof key === 'function' ? await key() : key;
  if (bearer !== undefined && !headers.has('authorization')) headers.set('authorization', `Bearer ${bearer}`);
  if (actingUser !== undefined) headers.set('x-acting-user', actingUser);
  if (method === 'POST' && !headers.has('idempotency-key')) headers.set('idempotency-key', newKey());
}

/** The answer when it is a good one, what went wrong otherwise. */
async function attempt(
  ask: Send,
  request: Request,
  timeoutMs: number,
): Promise<Response | ProblemError | UnreachableError> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeoutMs);
  try {
    const response = await ask(new Request(request, { signal: AbortSignal.any([request.signal, over.signal]) }));
    return response.ok ? response : await problemOf(response);
  } catch (cause) {
    const why = over.signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(cause);
    return new UnreachableError(`${new URL(request.url).origin} can't be reached: ${why}`, { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds to the next try; undefined when there should be none. */
function delayAfter(failure: ProblemError | UnreachableError, tries: number): number | undefined {
  const backOff = firstDelayMs * 2 ** tries * (0.5 + Math.random() / 2);
  if (failure instanceof UnreachableError) return backOff;
  if (failure.code === 'idempotency_key_in_use') return Math.max(backOff, 1_000);
  if (!passing.has(failure.status)) return undefined;
  return failure.retryAfterS === undefined ? backOff : failure.retryAfterS * 1_000;
}

/** Waits; throws the signal's reason when that comes first. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** fetch hides why it failed in the cause of its error. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } };
  return cause?.code ?? (cause?.message || message) ?? String(error);
}

/** 128 random bits. Not `randomUUID`, which browsers have on secure pages only. */
function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
