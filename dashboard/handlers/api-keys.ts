/** API keys: which there are, and making, rotating and removing them. A value is told once, to whoever made it. */
import { z } from 'zod';
import { keyScopes, permissionNames } from '../../src/contract/permissions.ts';
import type { Json } from '../../src/contract/words.ts';
import { audited } from '../../src/http/audit.ts';
import { holds } from '../../src/http/auth/access.ts';
import { type ApiKey, addApiKey, listApiKeys, removeApiKey, rotateApiKey } from '../../src/http/auth/keys.ts';
import { notFound, Problem } from '../../src/http/problem.ts';
import { type Actor, type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

export interface ShownKeys {
  items: ApiKey[];
  /** To choose from; products have more. */
  scopes: readonly string[];
}

const nameSchema = z.string().regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, dashes and underscores');
const params = z.object({ name: nameSchema });
const longestDays = 3_650;
const dayMs = 24 * 60 * 60_000;
const noStore = { 'cache-control': 'no-store' };
const told = { status: 201, description: '`{key}`, told once' };

export const listKeys = ({ db }: Services): Route =>
  route({
    method: 'get',
    path: '/api/keys',
    tag,
    summary: 'API keys, without their values',
    access: 'operator',
    scope: 'keys:read',
    answer: { status: 200, description: '`{items, scopes}`' },
    async handle() {
      const body: ShownKeys = { items: await listApiKeys(db), scopes: keyScopes };
      return { body };
    },
  });

export const addKey = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/keys',
    tag,
    summary: 'Make an API key',
    access: 'operator',
    scope: 'keys:write',
    body: z.strictObject({
      name: nameSchema,
      scopes: z
        .array(z.string().regex(/^(\*|act|[a-z-]+:(\*|[a-z-]+))$/, 'is no scope such as jobs:write, media:* or *'))
        .min(1, 'at least one')
        .max(50),
      tenant: z.string().min(1).max(64).optional(),
      expiresInDays: z.int().min(1).max(longestDays).optional(),
      ratePerMinute: z.int().min(1).max(1_000_000).optional(),
    }),
    answer: told,
    async handle({ body: { expiresInDays, ...given }, actor }) {
      refuseBeyond(actor, given.scopes);
      const { name } = given;
      const detail = JSON.parse(JSON.stringify({ ...given, expiresInDays })) as Json;
      const entry = { actor: actor.name, action: 'key.add', target: `api-key:${name}`, detail };
      const lifetimeMs = expiresInDays === undefined ? undefined : expiresInDays * dayMs;
      const key = await audited(services, entry, () => addApiKey(services.db, { ...given, lifetimeMs }));
      return { body: { key }, headers: noStore };
    },
  });

/** Nobody hands out more than he has; the scopes of a product are for whoever may make keys. */
function refuseBeyond({ scopes: own }: Actor, asked: readonly string[]): void {
  const beyond = permissionNames.filter((permission) => holds(asked, permission) && !holds(own, permission));
  if (beyond.length === 0) return;
  const detail = `A key can't have permissions that you lack: ${beyond.join(', ')}.`;
  throw new Problem(403, 'forbidden', 'Not allowed', detail);
}

export const rotateKey = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/keys/:name/rotate',
    tag,
    summary: 'Give an API key a new value',
    access: 'operator',
    scope: 'keys:write',
    params,
    body: z.strictObject({
      overlapHours: z
        .number()
        .min(0)
        .max(30 * 24),
    }),
    answer: told,
    async handle({ params: { name }, body: { overlapHours }, actor }) {
      const entry = { actor: actor.name, action: 'key.rotate', target: `api-key:${name}`, detail: { overlapHours } };
      const overlapMs = overlapHours * 60 * 60_000;
      const key = await audited(services, entry, () => rotateApiKey(services.db, name, overlapMs));
      return { body: { key }, headers: noStore };
    },
  });

export const removeKey = (services: Services): Route =>
  route({
    method: 'post',
    path: '/api/keys/:name/remove',
    tag,
    summary: 'Remove an API key',
    access: 'operator',
    scope: 'keys:write',
    params,
    answer: { status: 204, description: 'Nobody takes it any more within 5 s' },
    async handle({ params: { name }, actor }) {
      const entry = { actor: actor.name, action: 'key.remove', target: `api-key:${name}` };
      await audited(services, entry, async () => {
        if (!(await removeApiKey(services.db, name))) throw notFound('key');
      });
      return { status: 204 };
    },
  });
