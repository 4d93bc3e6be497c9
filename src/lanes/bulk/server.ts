/** What a Redis must be to carry the bulk lane: new enough, and never evicting. */
import { TwolaneError } from '../../contract/errors.ts';
import type { ServerFacts } from './inspect.ts';

const oldest = [6, 2] as const;

/** @throws TwolaneError `broker_too_old` or `broker_evicts`, with the cure. */
export function requireServer(facts: ServerFacts): void {
  const [major = 0, minor = 0] = facts.version.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    const text = `Redis ${facts.version} is too old for BullMQ 6. Install ${oldest.join('.')} or newer`;
    throw new TwolaneError('broker_too_old', text);
  }
  const worry = worryOf(facts);
  if (worry && facts.maxmemoryPolicy !== 'noeviction') throw new TwolaneError('broker_evicts', worry);
}

/** What an operator should do about it; undefined when all is well. */
export function worryOf(facts: ServerFacts): string | undefined {
  if (facts.maxmemoryPolicy !== 'noeviction') {
    const cure =
      'Set "maxmemory-policy noeviction" in its configuration (redis-cli config set maxmemory-policy noeviction)';
    return `Redis may throw away jobs (maxmemory-policy ${facts.maxmemoryPolicy}). ${cure}`;
  }
  if (!facts.lastWriteOk) return 'Redis could not save its data. Free disk space on its machine and read its log';
  return undefined;
}
