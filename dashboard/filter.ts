/**
 * The filter of the job list: one record of texts that is the query string of the page, the query of the data call,
 * and what a person types: `type:process-image state:dead payload.mediaId:42 error:"not found"`.
 */
import { z } from 'zod';
import type { JobFilter } from '../src/contract/job-view.ts';
import { jobStates } from '../src/contract/state.ts';
import { laneNames } from '../src/contract/words.ts';
import { type FilterFields, gathered, payloadPrefix } from './web/src/filter-text.ts';

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

/** From the texts of a query to the ledger's filter. */
export function toJobFilter({ limit: _limit, cursor: _cursor, ...fields }: ListQuery): JobFilter {
  return gathered(fields as FilterFields) as JobFilter;
}
