/** Contents that failed for what they are: looking them up, and running them again once the pipeline is another. */
import { z } from 'zod';
import { operationSchema, startOperation } from '../../http/operation-calls.ts';
import { idSchema, pageOf, pageQuery } from '../../http/page.ts';
import { Problem } from '../../http/problem.ts';
import { type Route, route } from '../../http/route.ts';
import type { ApiDeps } from '../deps.ts';

type PoisonDeps = Pick<ApiDeps, 'media' | 'massOperations' | 'db' | 'logger'>;

const kind = z.enum(['image', 'video']);
const code = z.string().min(1).max(64).describe('As in `error` of a media.');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits');
const time = z.iso.datetime();

const recordSchema = z
  .object({
    sha256: z.string(),
    kind,
    pipeline: z.int().describe('Version of the pipeline that it failed with.'),
    outdated: z.boolean().describe('True: the pipeline is a newer one now, and may be tried.'),
    code: z.string(),
    message: z.string(),
    failures: z.int().describe('How many times media of this content have failed.'),
    mediaId: idSchema.describe('The latest one.'),
    jobId: idSchema,
    firstAt: time,
    lastAt: time,
  })
  .meta({ id: 'PoisonRecord' });

export function poisonRoutes(deps: PoisonDeps): readonly Route[] {
  return [list(deps), rerun(deps)];
}

function list({ media }: PoisonDeps): Route {
  return route({
    method: 'get',
    path: '/v1/media/poison',
    tag: 'Media',
    summary: 'Contents that failed for what they are, and are refused when they come again; the newest first',
    access: 'key',
    scope: 'jobs:read',
    query: z.strictObject({
      ...pageQuery,
      kind: kind.optional(),
      code: code.optional(),
      sha256: sha256.optional(),
      outdated: z.stringbool().optional().describe('True: only those that a newer pipeline may take.'),
    }),
    answer: { status: 200, description: 'A page of records.', schema: pageOf(recordSchema) },
    handle: async ({ query: { limit, cursor, ...filter } }) => ({
      body: await media.poison.list(filter, { limit, cursor }),
    }),
  });
}

function rerun(deps: PoisonDeps): Route {
  return route({
    method: 'post',
    path: '/v1/media/poison/rerun',
    tag: 'Media',
    summary:
      'Run contents again that failed with an older pipeline: redrives the dead jobs of their records, up to 500, in stages',
    access: 'key',
    scope: 'jobs:operate',
    body: z
      .strictObject({ kind, code, sha256: sha256.optional().describe('This content alone.') })
      .meta({ id: 'PoisonRerun' }),
    answer: { status: 202, description: 'The operation; follow it as any other.', schema: operationSchema },
    async handle({ body, actor }) {
      const filter = await deps.media.poison.rerun(body);
      if (!filter) throw nothingToRerun();
      return { body: await startOperation(deps, { action: 'redrive', filter }, actor.name) };
    },
  });
}

function nothingToRerun(): Problem {
  return new Problem(
    409,
    'nothing_to_rerun',
    'Nothing to run again',
    'No content of this kind and code failed with an older pipeline; `GET /v1/media/poison?outdated=true` lists them.',
  );
}
