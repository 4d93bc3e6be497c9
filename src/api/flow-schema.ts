/** A flow on the wire, and the way from there to the flow that the enqueuer takes. */
import { z } from 'zod';
import type { Flow } from '../contract/flow.ts';
import type { Catalog } from '../contract/job.ts';
import { idSchema } from '../http/page.ts';
import { publicJob } from './new-job.ts';
import { enqueuedSchema, flowJobOptionsSchema, summarySchema } from './schemas.ts';

/** One shape for all parts, so that a refusal names the field; `oneKind` sees to it that a part is one thing. */
export interface FlowPart {
  type?: string;
  payload?: unknown;
  options?: z.output<typeof flowJobOptionsSchema>;
  children?: FlowPart[];
  chain?: FlowPart[];
  parallel?: FlowPart[];
  chord?: FlowPart[];
  next?: FlowPart;
}

const part = z.lazy(() => flowPartSchema);
const parts = z.array(part);

export const flowPartSchema: z.ZodType<FlowPart> = z
  .strictObject({
    type: z.string().min(1).max(64).describe('A job, with `payload`, `options` and the `children` it waits for.'),
    payload: z.unknown(),
    options: flowJobOptionsSchema,
    children: parts,
    chain: parts.describe('One after another.'),
    parallel: parts.describe('All at once.'),
    chord: parts.describe('All at once, then `next`.'),
    next: part,
  })
  .partial()
  .superRefine(oneKind)
  .meta({ id: 'Flow' });

const kinds = ['type', 'chain', 'parallel', 'chord'] as const;

function oneKind(value: FlowPart, context: z.RefinementCtx): void {
  const given = kinds.filter((kind) => value[kind] !== undefined);
  const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', message, path });
  if (given.length !== 1) {
    refuse(`must have exactly one of ${kinds.join(', ')}`);
    return;
  }
  for (const name of ['payload', 'options', 'children'] as const)
    if (value[name] !== undefined && given[0] !== 'type') refuse('belongs to a job, which has a type', name);
  if ((value.next !== undefined) !== (given[0] === 'chord')) refuse('belongs to a chord, and a chord has one', 'next');
}

/**
 * `at` is the pointer to the part in the request, `within` sees the tenant that a job names.
 * @throws Problem for a type that does not exist or is internal, and what `within` throws.
 */
export function toFlow(
  catalog: Catalog,
  value: FlowPart,
  at: string,
  within: (tenant: string | undefined) => unknown,
): Flow {
  const all = (name: 'children' | 'chain' | 'parallel' | 'chord') =>
    (value[name] ?? []).map((inner, index) => toFlow(catalog, inner, `${at}/${name}/${index}`, within));
  if (value.chain) return { chain: all('chain') };
  if (value.parallel) return { parallel: all('parallel') };
  if (value.chord && value.next)
    return { chord: all('chord'), next: toFlow(catalog, value.next, `${at}/next`, within) };
  const { type = '', payload, options } = value;
  within(options?.tenant);
  return { job: publicJob(catalog, type, at), payload, options, children: all('children') };
}

export const enqueuedFlowSchema = z
  .object({
    id: idSchema.describe('That of the last job.'),
    deduplicated: z.boolean(),
    jobs: z.array(enqueuedSchema).describe('In the order of the request, children before their parent.'),
  })
  .meta({ id: 'EnqueuedFlow' });

export const flowViewSchema = z
  .object({
    id: idSchema,
    counts: z.record(z.string(), z.int()).describe('Jobs by state.'),
    jobs: z.array(summarySchema.extend({ waitsFor: z.array(idSchema) }).meta({ id: 'FlowJob' })),
  })
  .meta({ id: 'FlowView' });
