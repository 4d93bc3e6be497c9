/** Who did what, the newest first. */
import { z } from 'zod';
import { pageQuery } from '../../src/http/page.ts';
import { readAudit } from '../../src/http/read-audit.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

const text = z.string().min(1).max(255).optional();
const time = z.iso.datetime({ offset: true }).optional();

export const listAudit = ({ db }: Services): Route =>
  route({
    method: 'get',
    path: '/api/audit',
    tag,
    summary: 'The audit',
    access: 'operator',
    scope: 'audit:read',
    query: z.strictObject({
      ...pageQuery,
      actor: text,
      action: text,
      target: text,
      outcome: text,
      since: time,
      until: time,
    }),
    answer: { status: 200, description: '`{items, nextCursor}`, the newest first' },
    handle: async ({ query: { limit, cursor, ...filter } }) => ({
      body: await readAudit(db, filter, { limit, cursor }),
    }),
  });
