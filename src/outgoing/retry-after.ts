/** When a server asked to be called again. */
import type { IncomingMessage } from 'node:http';

/**
 * What `Retry-After` says, in seconds or as a date (RFC 9110, section 10.2.3), milliseconds from now. Undefined when it is
 * neither, or over already.
 */
export function retryAfterMs({ headers }: Pick<IncomingMessage, 'headers'>): number | undefined {
  const text = headers['retry-after'];
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return ms > 0 ? ms : undefined;
}
