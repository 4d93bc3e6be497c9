/** What the form begins with in which an operator edits a payload: the payload as of today's code, and the schema it must fit. */
import { z } from 'zod';
import { UnknownJobTypeError } from '../../src/contract/errors.ts';
import { upcastPayload } from '../../src/contract/upcast.ts';
import type { Json } from '../../src/contract/words.ts';
import { notFound } from '../../src/http/problem.ts';
import { type Route, route } from '../../src/http/route.ts';
import { jobParams, type Services, tag } from '../services.ts';

export interface PayloadDraft {
  type: string;
  /** That of the job type, which an older payload has been brought to. */
  version: number;
  payload: Json;
  /** JSON Schema, draft 2020-12. */
  schema: Readonly<Record<string, unknown>>;
}

export const showDraft = ({ operations, catalog }: Services): Route =>
  route({
    method: 'get',
    path: '/api/jobs/:id/draft',
    tag,
    summary: 'A payload to edit',
    access: 'operator',
    scope: 'jobs:read',
    params: jobParams,
    answer: { status: 200, description: '`{type, version, payload, schema}`' },
    async handle({ params: { id } }) {
      const [job, payload] = await Promise.all([operations.get(id), operations.payload(id)]);
      if (!job || payload === undefined) throw notFound('job');
      const definition = catalog[job.type];
      if (!definition) throw new UnknownJobTypeError(job.type);
      const { type, version } = definition;
      const schema = z.toJSONSchema(definition.payload, { io: 'input', unrepresentable: 'any' });
      const body: PayloadDraft = {
        type,
        version,
        payload: upcastPayload(definition, payload, job.version) as Json,
        schema,
      };
      return { body };
    },
  });
