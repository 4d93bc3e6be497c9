/** Step: what a handler with secret fields writes down (errors, log lines, progress) is kept without the secrets. */
import {
  type Json,
  type Outcome,
  type PayloadFiles,
  replaced,
  secretMask,
  TwolaneError,
  toJobError,
} from '../../src/contract/index.ts';
import type { ClaimedJob } from '../../src/ledger/claim.ts';
import type { ContextParts } from './context.ts';

/** Replaces every text of a secret field. The payload is read when there is something to scrub, which is seldom. */
export type Scrub = <T>(value: T) => T;

export function scrubOf(job: ClaimedJob, { secrets }: Pick<PayloadFiles, 'secrets'>): Scrub {
  let texts: string[] | undefined;
  const clean = (text: string) => {
    texts ??= textsOf(job, secrets);
    return texts.reduce((cleaner, secret) => cleaner.replaceAll(secret, secretMask), text);
  };
  return <T>(value: T) => {
    const inner = (each: Json) => (typeof each === 'string' ? clean(each) : undefined);
    return replaced(value as Json, inner) as T;
  };
}

/** None where the payload can not be read: then no handler was given it. */
function textsOf({ type, payload }: ClaimedJob, secrets: PayloadFiles['secrets']): string[] {
  try {
    return secrets.textsOf(type, payload);
  } catch (error) {
    if (error instanceof TwolaneError && error.code === 'secret_unreadable') return [];
    throw error;
  }
}

/** Log lines and progress of a handler, scrubbed on their way. */
export function scrubbedNotes(notes: ContextParts['notes'], scrub: Scrub): ContextParts['notes'] {
  return {
    progress: (id, percent, note) => notes.progress(id, percent, scrub(note)),
    log: (id, attempt, message, fields) => notes.log(id, attempt, scrub(message), scrub(fields)),
  };
}

/** An outcome with its error scrubbed. */
export function scrubbedOutcome(outcome: Outcome | undefined, scrub: Scrub): Outcome | undefined {
  return outcome && 'error' in outcome ? { ...outcome, error: scrub(outcome.error) } : outcome;
}

/** The same of an error that is only logged. */
export function scrubbedError(error: unknown, scrub: Scrub): unknown {
  return error === undefined ? undefined : scrub(toJobError(error));
}
