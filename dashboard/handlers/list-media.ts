/** Files that failed for what they are, and what the product shows: posts on their way into feeds, what is trending. */
import { z } from 'zod';
import type { PoisonRecord } from '../../src/contract/media.ts';
import type { Page } from '../../src/contract/page.ts';
import type { ProductInsight } from '../../src/contract/product.ts';
import { audited } from '../../src/http/audit.ts';
import { startOperation } from '../../src/http/operation-calls.ts';
import { pageQuery } from '../../src/http/page.ts';
import { Problem } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export interface ShownMedia {
  poison: Page<PoisonRecord>;
  /** Null without a product. */
  product: ProductInsight | null;
}

export const listMedia = ({ media, product }: Services): Route =>
  route({
    method: 'get',
    path: '/api/media',
    tag,
    summary: 'Files that failed, feeds under way, trends',
    access: 'operator',
    scope: 'media:read',
    query: z.strictObject({ ...pageQuery, outdated: z.stringbool().optional() }),
    answer: { status: 200, description: '`{poison, product}`' },
    async handle({ query: { outdated, ...page } }) {
      const [poison, insight] = await Promise.all([media.poison.list({ outdated }, page), product?.insight?.()]);
      const body: ShownMedia = { poison, product: insight ?? null };
      return { body };
    },
  });

export const rerunPoison = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/media/poison/rerun',
    tag,
    summary: 'Run files again that failed with an older pipeline',
    access: 'operator',
    scope: 'jobs:operate',
    body: z.strictObject({ kind: z.enum(['image', 'video']), code: z.string().min(1).max(64) }),
    answer: { status: 202, description: 'The operation' },
    async handle({ body, actor }) {
      const filter = await services.media.poison.rerun(body);
      if (filter) return { body: await startOperation(services, { action: 'redrive', filter }, actor.name) };
      const entry = { actor: actor.name, action: 'operation.redrive', target: `media:${body.kind} ${body.code}` };
      return audited(services, entry, async () => {
        throw nothingToRerun();
      });
    },
  });

function nothingToRerun(): Problem {
  const detail = 'No file of this kind and code failed with an older pipeline; the present one would fail again.';
  return new Problem(409, 'nothing_to_rerun', 'Nothing to run again', detail);
}
