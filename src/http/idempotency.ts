/** Idempotency-Key: a POST repeated with the same key within 24 h gets the first answer instead of a second effect. */
import { randomUUID } from 'node:crypto';
import type { Queryable } from '../contract/database.ts';
import type { Logger } from '../contract/logger.ts';
import { Problem, problemOf } from './problem.ts';
import type { Reply } from './route.ts';
import { seal, unseal } from './sealed.ts';

/** One use of a key. Keys of different actors, methods and paths never meet. */
export interface IdempotentRequest {
  actor: string;
  method: string;
  path: string;
  key: string;
  bodySha256: Buffer;
  /** What the caller has shown of himself. It seals answers that hold secrets, and is not stored. */
  credential: string;
}

export interface Idempotency {
  /**
   * Runs the work once. Kept are answers below 500 except 409 and 429; after the others a repeat runs again, and so it
   * does after streamed ones. Answers marked `no-store` hold secrets and are kept sealed.
   * @throws Problem 422 `idempotency_key_reused` for another body, 409 `idempotency_key_in_use` while the first runs, 409
   * `answer_sealed` when the answer holds a secret and the caller came with another token this time.
   */
  run(request: IdempotentRequest, work: () => Promise<Reply>): Promise<Reply>;
}

interface Kept {
  body_sha256: Buffer;
  status: number | null;
  answer: Answer | { sealed: string } | null;
}

interface Answer {
  headers: Record<string, string>;
  body?: unknown;
}

/** A key is held for so long, and for longer while its request runs: that of a process that died is free then. Seconds. */
const heldS = 20;

/**
 * Builds it over the table `twolane.http_idempotency`.
 * @param parts.renewMs how often a request that still runs says so. Default 5 s.
 */
export function idempotency(parts: { db: Queryable; logger: Logger; renewMs?: number }): Idempotency {
  const { db, logger, renewMs = 5_000 } = parts;
  return {
    async run(request, work) {
      const claim = randomUUID();
      const { actor, method, path, key, bodySha256 } = request;
      const claimed = await db.query(claimKey, [actor, method, path, key, bodySha256, claim]);
      if (claimed.rowCount === 0) return earlierAnswer(db, request);
      const renewing = setInterval(() => {
        db.query(renewKey, [actor, method, path, key, claim]).catch((error) =>
          logger.warn({ err: error, path }, 'could not say that an idempotent request still runs'),
        );
      }, renewMs).unref();
      const end = (reply: Reply) => settle(db, logger, request, claim, reply);
      try {
        const reply = await work();
        await end(reply);
        return reply;
      } catch (error) {
        const problem = problemOf(error);
        const headers = { ...problem.headers, 'content-type': 'application/problem+json' };
        await end({ status: problem.status, headers, body: problem.toJSON() });
        throw error;
      } finally {
        clearInterval(renewing);
      }
    },
  };
}

/** Takes the key, or takes it over when it is older than the window or its owner is silent. Sweeps a few old ones. */
const claimKey = `
  with swept as (
    delete from twolane.http_idempotency where (actor, method, path, key) in (
      select actor, method, path, key from twolane.http_idempotency
      where created_at < now() - interval '25 hours' limit 10 for update skip locked))
  insert into twolane.http_idempotency as kept (actor, method, path, key, body_sha256, claim, locked_until)
  values ($1, $2, $3, $4, $5, $6, now() + interval '${heldS} seconds')
  on conflict (actor, method, path, key) do update
    set body_sha256 = excluded.body_sha256, claim = excluded.claim, locked_until = excluded.locked_until,
        status = null, answer = null, created_at = now()
    where kept.created_at < now() - interval '24 hours'
      or (kept.status is null and kept.locked_until < now() and kept.body_sha256 = excluded.body_sha256)
  returning 1`;

const renewKey = `
  update twolane.http_idempotency set locked_until = now() + interval '${heldS} seconds'
  where actor = $1 and method = $2 and path = $3 and key = $4 and claim = $5 and status is null`;

async function earlierAnswer(db: Queryable, request: IdempotentRequest) {
  const { actor, method, path, key, bodySha256, credential } = request;
  const { rows } = await db.query<Kept>(
    `select body_sha256, status, answer from twolane.http_idempotency
     where actor = $1 and method = $2 and path = $3 and key = $4`,
    [actor, method, path, key],
  );
  const kept = rows[0];
  if (kept && !kept.body_sha256.equals(bodySha256)) throw reused();
  if (!kept?.status) throw inUse();
  const answer = opened(kept.answer, credential);
  if (!answer) throw sealed();
  const { headers, body } = answer;
  return { status: kept.status, headers: { ...headers, 'idempotent-replayed': 'true' }, body };
}

/** Keeps the answer or frees the key. A failure here must not turn an effect that happened into an error. */
async function settle(
  db: Queryable,
  logger: Logger,
  request: IdempotentRequest,
  claim: string,
  reply: Reply,
): Promise<void> {
  const { actor, method, path, key } = request;
  const mine = [actor, method, path, key, claim];
  const where = 'where actor = $1 and method = $2 and path = $3 and key = $4 and claim = $5';
  try {
    if (!isKept(reply)) await db.query(`delete from twolane.http_idempotency ${where}`, mine);
    else {
      const answer = closed({ headers: reply.headers ?? {}, body: reply.body }, request.credential);
      const values = [...mine, reply.status ?? 200, answer];
      await db.query(`update twolane.http_idempotency set status = $6, answer = $7 ${where}`, values);
    }
  } catch (error) {
    logger.warn({ err: error, path }, 'could not keep the answer of an idempotent request; a repeat may run again');
  }
}

function isKept(reply: Reply): reply is Exclude<Reply, 'streamed'> {
  if (reply === 'streamed') return false;
  const status = reply.status ?? 200;
  return status < 500 && status !== 409 && status !== 429;
}

/** As it is stored: a secret must not be readable there. */
function closed(answer: Answer, credential: string): string {
  const text = JSON.stringify(answer);
  return answer.headers['cache-control'] === 'no-store' ? JSON.stringify({ sealed: seal(text, credential) }) : text;
}

function opened(answer: Kept['answer'], credential: string): Answer | undefined {
  if (answer === null || !('sealed' in answer)) return answer ?? { headers: {} };
  const text = unseal(answer.sealed, credential);
  return text === undefined ? undefined : JSON.parse(text);
}

const reused = () =>
  new Problem(
    422,
    'idempotency_key_reused',
    'Idempotency-Key was used before',
    'This Idempotency-Key came with another body within the last 24 h. Use a new key for a new request.',
  );

const sealed = () =>
  new Problem(
    409,
    'answer_sealed',
    'The answer holds a secret',
    'Repeat the request with the token or API key that it was first made with.',
  );

const inUse = () =>
  new Problem(
    409,
    'idempotency_key_in_use',
    'The first request is still running',
    'A request with this Idempotency-Key has not ended yet. Try again in a second.',
    { headers: { 'retry-after': '1' } },
  );
