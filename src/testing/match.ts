/** Which payloads a spy is asked for: those with all the fields of a pattern, or those that a function accepts. */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../contract/index.ts';

export type PayloadMatcher = Json | ((payload: never) => boolean) | undefined;

export function matches(payload: unknown, matcher: PayloadMatcher): boolean {
  if (matcher === undefined) return true;
  if (typeof matcher === 'function') return matcher(payload as never);
  return includes(payload, matcher);
}

/** Objects may have more fields than the pattern, lists may not have more items. */
function includes(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern))
    return (
      Array.isArray(value) &&
      value.length === pattern.length &&
      pattern.every((item, index) => includes(value[index], item))
    );
  if (typeof pattern !== 'object' || pattern === null) return isDeepStrictEqual(value, pattern);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(pattern).every(([name, part]) => includes((value as Record<string, unknown>)[name], part));
}
