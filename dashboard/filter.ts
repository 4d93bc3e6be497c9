/**
 * The filter of the job list: one record of texts that is the query string of the page, the query of the data call,
 * and what a person types: `type:process-image state:dead payload.mediaId:42 error:"not found"`.
 */
import { z } from 'zod';
import type { JobFilter } from '../src/contract/job-view.ts';
import { jobStates } from '../src/contract/state.ts';
import type { Json, JsonObject } from '../src/contract/words.ts';
import { laneNames } from '../src/contract/words.ts';
import { payloadPrefix } from './web/src/filter-text.ts';

const text = z.string().min(1).max(200);

const known = z.object({
  type: text.optional(),
  lane: z.enum(laneNames).optional(),
  queue: text.optional(),
  state: z.enum(jobStates).optional(),
  key: text.optional(),
  tenant: text.optional(),
  owner: text.optional(),
  schedule: text.optional(),
  error: text.optional(),
  fingerprint: text.optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
});

/** The query of `GET /ops/api/jobs`: the filter's fields, `payload.<field>`, `limit` and `cursor`. */
export const listQuery = known.catchall(text).superRefine((query, context) => {
  for (const name of Object.keys(query)) {
    if (name in known.shape || name.startsWith(payloadPrefix)) continue;
    context.addIssue({ code: 'custom', path: [name], message: 'is no filter; see the list beside the search box' });
  }
});

export type ListQuery = z.output<typeof listQuery>;

/** From the texts of a query to the ledger's filter; payload fields are gathered and read as JSON where they are. */
export function toJobFilter(query: ListQuery): JobFilter {
  const { limit: _limit, cursor: _cursor, ...fields } = query;
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  const payload: JsonObject = {};
  const filter: Record<string, unknown> = {};
  for (const [name, value] of entries) {
    if (name.startsWith(payloadPrefix)) payload[name.slice(payloadPrefix.length)] = payloadValue(String(value));
    else filter[name] = value;
  }
  return { ...filter, ...(Object.keys(payload).length > 0 && { payload }) } as JobFilter;
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
