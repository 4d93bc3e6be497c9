/** Between what a person types into the search box and the fields of the filter. Pure; the server uses it too. */

import type { Json, JsonObject } from '../../../src/contract/words.ts';

/** The fields of a filter as texts, in no particular order. */
export type FilterFields = Readonly<Record<string, string>>;

export const payloadPrefix = 'payload.';

/** The words that may stand before a colon, with what they mean. `payload.<field>` is allowed besides. */
export const qualifiers: Readonly<Record<string, string>> = {
  type: 'job type',
  state: 'blocked, scheduled, waiting, queued, running, succeeded, dead, cancelled',
  lane: 'realtime or bulk',
  queue: 'queue of a lane',
  key: 'what the job concerns',
  tenant: 'whose share it uses',
  owner: 'whose job it is',
  schedule: 'the schedule that made it',
  error: 'how the error begins (dead jobs)',
  fingerprint: 'group of dead jobs',
  since: 'enqueued at or after, ISO 8601',
  until: 'enqueued before, ISO 8601',
};

export interface ParsedFilter {
  fields: Record<string, string>;
  /** Words that could not be understood, as typed. */
  unknown: string[];
}

/** One word: `name:value` or `name:"value with spaces"`; `\"` and `\\` inside quotes stand for themselves. */
const word = /([\w.-]+):"((?:[^"\\]|\\.)*)"|([\w.-]+):(\S+)|(\S+)/gu;

/** A number alone is taken for a job's id by the page, so it is `unknown` here. */
export function parseFilter(typed: string): ParsedFilter {
  const parsed: ParsedFilter = { fields: {}, unknown: [] };
  for (const match of typed.matchAll(word)) {
    const written = match[1] ?? match[3];
    const name = written === 'name' ? 'type' : written;
    const value = match[2] !== undefined ? match[2].replace(/\\(.)/gu, '$1') : match[4];
    if (name !== undefined && value && isQualifier(name)) parsed.fields[name] = value;
    else parsed.unknown.push(match[0]);
  }
  return parsed;
}

/** Writes a filter the way `parseFilter` reads it. */
export function formatFilter(fields: FilterFields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}:${/^[^\s"\\]+$/u.test(value) ? value : quote(value)}`)
    .join(' ');
}

/** The fields of a filter in a query string; what is no filter (cursor, limit) is left out. */
export function filterFromSearch(search: string): Record<string, string> {
  const given = [...new URLSearchParams(search)];
  return Object.fromEntries(given.filter(([name, value]) => isQualifier(name) && value !== ''));
}

export function searchFromFilter(fields: FilterFields): string {
  const search = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== '')).toString();
  return search && `?${search}`;
}

function isQualifier(name: string): boolean {
  return Object.hasOwn(qualifiers, name) || (name.startsWith(payloadPrefix) && name.length > payloadPrefix.length);
}

function quote(value: string): string {
  return `"${value.replace(/["\\]/gu, '\\$&')}"`;
}

/**
 * Ids are texts even when they look like numbers, so only numbers that JavaScript holds exactly, `true`, `false`,
 * `null` and a text in quotes are read as JSON.
 */
export function payloadValue(written: string): Json {
  if (/^(true|false|null|-?\d{1,15}(\.\d{1,6})?)$/.test(written)) {
    const value: Json = JSON.parse(/^-?0\d/.test(written) ? JSON.stringify(written) : written);
    return value;
  }
  return /^".*"$/.test(written) ? written.slice(1, -1) : written;
}

/** The filter as data calls take it: fields of the payload together, each read as JSON where it is. */
export function gathered(fields: FilterFields): Record<string, Json> {
  const payload: JsonObject = {};
  const filter: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (name.startsWith(payloadPrefix)) payload[name.slice(payloadPrefix.length)] = payloadValue(value);
    else filter[name] = value;
  }
  return { ...filter, ...(Object.keys(payload).length > 0 && { payload }) };
}
