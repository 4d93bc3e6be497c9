/** Step: decrypts the stored payload, brings it to the version that this worker knows, and checks it against that definition. */
import {
  type JobDefinition,
  type Json,
  NonRetryableError,
  type SecretFields,
  upcastPayload,
} from '../../src/contract/index.ts';

/**
 * @param version of the payload
 * @throws NonRetryableError `invalid_payload`, `upcast_failed`: another attempt with the same payload would fail the same way.
 */
export function parsePayload(
  definition: JobDefinition,
  payload: Json,
  version: number,
  secrets: Pick<SecretFields, 'open'>,
): unknown {
  const clear = definition.secrets ? secrets.open(definition.type, payload) : payload;
  const parsed = definition.payload.safeParse(upcastPayload(definition, clear, version));
  if (parsed.success) return parsed.data;
  const why = parsed.error.issues.map((issue) => `/${issue.path.join('/')} ${issue.message}`).join('; ');
  throw new NonRetryableError(`The stored payload does not fit ${definition.type}: ${why}`, {
    code: 'invalid_payload',
  });
}
