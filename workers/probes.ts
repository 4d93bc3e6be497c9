/** Probes: envelopes that belong to no job, sent by one process and passed on by the others until they are home or too old. */
import { canaryType, type Envelope } from '../src/contract/index.ts';

/** Where its sender is out of reach a probe must come to an end. */
const mostHops = 32;

/** The fence holds the time of sending in tenths of a second and, in its last two digits, the hops: each is a release of its own. */
export function newProbe(session: number, now = Date.now()): Envelope {
  return { id: String(session), type: canaryType, version: 1, fence: Math.floor(now / 100) * 100, crashes: 0 };
}

/**
 * The probe as it goes on to the next consumer; undefined when it has come home, was passed on often enough, or has waited
 * so long that its sender has given it up.
 */
export function nextHop(
  probe: Envelope,
  own: number | undefined,
  freshMs: number,
  now = Date.now(),
): Envelope | undefined {
  const hops = probe.fence % 100;
  const ageMs = now - (probe.fence - hops);
  if (probe.id === String(own) || hops >= mostHops || ageMs > freshMs) return undefined;
  return { ...probe, fence: probe.fence + 1 };
}
