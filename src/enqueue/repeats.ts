/** What an enqueue says about repeats, as the ledger takes it. */
import { createHash } from 'node:crypto';
import {
  type EnqueueOptions,
  type JobDefinition,
  type Json,
  type NewJob,
  repeatsProblem,
  replacedAt,
  secretMask,
  TwolaneError,
} from '../contract/index.ts';

type RepeatFields = Pick<NewJob, 'idempotency' | 'debounce' | 'throttle' | 'keepLast'>;

/** @throws TwolaneError `invalid_options` when options do not go together */
export function repeatsOf(job: JobDefinition, options: EnqueueOptions, payload: Json): RepeatFields | undefined {
  const problem = repeatsProblem(options);
  if (problem) throw new TwolaneError('invalid_options', `${problem.option} ${problem.detail}`);
  const { idempotencyKey, debounce, throttle, keepLast } = options;
  if (idempotencyKey === undefined && !debounce && !throttle && !keepLast) return undefined;
  return {
    debounce,
    throttle,
    keepLast: keepLast !== undefined,
    idempotency:
      idempotencyKey === undefined
        ? undefined
        : { key: idempotencyKey, ms: options.idempotencyMs ?? job.idempotencyMs, digest: digestOf(job, payload) },
  };
}

/** Equal for payloads that differ in the order of their fields only, or in secrets: a hash of those could be guessed. */
function digestOf({ secrets = [] }: JobDefinition, payload: Json): string {
  const open = secrets.reduce((partly, path) => replacedAt(partly, path.split('.'), () => secretMask), payload);
  return createHash('sha256').update(JSON.stringify(open, sortedFields)).digest('base64url');
}

function sortedFields(_name: string, value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
