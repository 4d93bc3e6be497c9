/** Step: checks the stored payload against the definition that this worker knows. */
import { type JobDefinition, type Json, NonRetryableError } from '../../src/contract/index.ts';

/** @throws NonRetryableError `invalid_payload`: another attempt with the same payload would fail the same way. */
export function parsePayload(definition: JobDefinition, payload: Json): unknown {
  const parsed = definition.payload.safeParse(payload);
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.message}`).join('; ');
  throw new NonRetryableError(`The stored payload does not fit ${definition.type}: ${why}`, {
    code: 'invalid_payload',
  });
}
