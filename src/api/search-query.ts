/** Qualified search: `type:notify state:dead payload.userId:"42" error:ECONNREFUSED` to a filter. */
import type { JobFilter } from '../contract/job-view.ts';
import { type JobState, jobStates } from '../contract/state.ts';
import { type Json, type LaneName, laneNames } from '../contract/words.ts';
import { invalidRequest, type Problem } from '../http/problem.ts';

const term = /\s*([\w.-]+):("(?:[^"\\]|\\.)*"|\S+)\s*/y;
const plain = [
  'type',
  'queue',
  'key',
  'tenant',
  'owner',
  'schedule',
  'error',
  'code',
  'fingerprint',
  'since',
  'until',
] as const;

/**
 * Reads terms `name:value`; values with spaces stand in double quotes. The value of `payload.field` is read as JSON
 * where it is JSON (`42` a number, `"42"` a text, `true`), as a text otherwise.
 * @throws Problem 422 pointing at `/query/q`.
 */
export function parseSearch(q: string): JobFilter {
  const filter: JobFilter = {};
  term.lastIndex = 0;
  while (term.lastIndex < q.length) {
    const at = term.lastIndex;
    const found = term.exec(q);
    if (!found?.[1] || !found[2]) throw refuse(`"${q.slice(at).trim()}" is not a term such as type:notify`);
    apply(filter, found[1], found[2]);
  }
  return filter;
}

function apply(filter: JobFilter, name: string, raw: string): void {
  const text = raw.startsWith('"') ? String(asJson(raw)) : raw;
  if (name.startsWith('payload.')) filter.payload = { ...filter.payload, [name.slice(8)]: asJson(raw) };
  else if (name === 'lane') filter.lane = oneOf<LaneName>(laneNames, name, text);
  else if (name === 'state') filter.state = oneOf<JobState>(jobStates, name, text);
  else if ((plain as readonly string[]).includes(name)) filter[name as (typeof plain)[number]] = text;
  else throw refuse(`"${name}" can't be searched; ${[...plain, 'lane', 'state', 'payload.<field>'].join(', ')} can`);
}

function oneOf<T extends string>(allowed: readonly T[], name: string, value: string): T {
  const found = allowed.find((one) => one === value);
  if (!found) throw refuse(`"${value}" is no ${name}; ${allowed.join(', ')} are`);
  return found;
}

function asJson(raw: string): Json {
  try {
    return JSON.parse(raw) as Json;
  } catch {
    return raw;
  }
}

function refuse(detail: string): Problem {
  return invalidRequest([{ pointer: '/query/q', detail }]);
}
