/** What a call can end with: a problem that the API tells of (RFC 9457), or no answer at all. */
import type { components } from './openapi.ts';

type ProblemBody = components['schemas']['Problem'];

/** The API refused. `code` is stable and safe to switch on; `detail` is for a person and says what to do. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** The fields that do not fit, by JSON Pointer. */
  readonly errors: NonNullable<ProblemBody['errors']>;
  /** Names this occurrence in the log of the API. */
  readonly instance: string | undefined;
  /** When to try again, seconds. */
  readonly retryAfterS: number | undefined;
  /** The whole answer, with members that only some problems have. */
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Partial<ProblemBody>, retryAfterS?: number) {
    super(body.detail ?? body.title ?? `The API answered ${status}`);
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.title = body.title ?? '';
    this.detail = this.message;
    this.errors = body.errors ?? [];
    this.instance = body.instance;
    this.retryAfterS = retryAfterS;
    this.body = body;
  }
}

/** No answer: nobody listens, the connection broke, or it took too long. Whether the call had an effect is not known. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly code = 'unreachable';
}

/** Reads the problem of an answer; one that is none (from a proxy, say) becomes one. */
export async function problemOf(response: Response): Promise<ProblemError> {
  const text = await response.text().catch(() => '');
  return new ProblemError(response.status, parsed(text) ?? { detail: excerpt(response, text) }, retryAfterS(response));
}

/** Seconds from Retry-After, in either of its forms. */
export function retryAfterS({ headers }: Response): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function parsed(text: string): Partial<ProblemBody> | undefined {
  try {
    const body = JSON.parse(text) as unknown;
    return typeof body === 'object' && body !== null ? (body as Partial<ProblemBody>) : undefined;
  } catch {
    return undefined;
  }
}

function excerpt({ status, statusText, url }: Response, text: string): string {
  const said = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return `${url} answered ${status} ${statusText}, which does not look like Twolane${said ? `: ${said}` : ''}`;
}
