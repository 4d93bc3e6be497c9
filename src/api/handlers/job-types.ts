/** GET /v1/job-types: every job type with its defaults and the JSON Schema of its payload. */
import { z } from 'zod';
import type { JobDefinition } from '../../contract/job.ts';
import { laneNames, priorities } from '../../contract/words.ts';
import { route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

const rate = z.object({ count: z.int(), perMs: z.int() });
const part = { concurrency: z.int().optional(), rate: rate.optional() };
const limitsSchema = z.object({ ...part, perKey: z.object(part).optional() });

const typeSchema = z
  .object({
    type: z.string(),
    lane: z.enum(laneNames),
    queue: z.string(),
    description: z.string(),
    version: z.int(),
    internal: z.boolean().describe('True: only Twolane itself enqueues it.'),
    payload: z.record(z.string(), z.unknown()).describe('JSON Schema, draft 2020-12.'),
    defaults: z.object({
      priority: z.enum(priorities),
      maxAttempts: z.int(),
      timeoutMs: z.int(),
      backoff: z
        .object({
          kind: z.enum(['exponential', 'linear', 'fixed', 'list', 'custom']),
          delayMs: z.number().optional(),
          maxMs: z.number().optional(),
          delaysMs: z.array(z.number()).optional(),
          jitter: z.enum(['full', 'equal', 'none']),
        })
        .describe('Milliseconds. A `custom` one is a function of the job type.'),
    }),
    limits: limitsSchema.nullable().describe('Across the fleet; null without limits.'),
  })
  .meta({ id: 'JobType' });

export function jobTypes({ catalog }: ApiDeps) {
  const items = Object.values(catalog).map(describe);
  return route({
    method: 'get',
    path: '/v1/job-types',
    tag: 'jobs',
    summary: 'The job types that exist',
    access: 'key',
    scope: 'jobs:read',
    tenant: 'shared',
    answer: { status: 200, description: 'All types.', schema: z.object({ items: z.array(typeSchema) }) },
    handle: async () => ({ body: { items } }),
  });
}

function describe(job: JobDefinition) {
  const { type, lane, queue, description, version, internal, priority, maxAttempts, timeoutMs, backoff, limits } = job;
  const payload = z.toJSONSchema(job.payload, { io: 'input', unrepresentable: 'any' });
  return {
    type,
    lane,
    queue,
    description,
    version,
    internal,
    payload,
    defaults: { priority, maxAttempts, timeoutMs, backoff },
    limits: limits ?? null,
  };
}
