/** What a route is: one row of the route table with its access, its schemas and its handler. OpenAPI is made from the same rows. */
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { SessionCache } from '../contract/auth.ts';
import type { ProductInsight } from '../contract/product.ts';
import type { TenantRule } from './auth/tenant.ts';

/**
 * Who may call: `open` anyone; `user` somebody with a user id (session, token, or a key with scope `act` and
 * X-Acting-User); `key` an API key that has `scope`; `either` a user or such a key; `operator` a dashboard login.
 */
export type Access = 'open' | 'user' | 'key' | 'either' | 'operator';

/** Who is calling, as authentication found it. */
export interface Actor {
  kind: 'anonymous' | 'user' | 'key' | 'operator';
  /** Set for users, and for keys that act for one. */
  userId?: string;
  scopes: readonly string[];
  /** Of an API key that belongs to one tenant, and of the tokens it made. */
  tenant?: string;
  /** For logs and audit: a user id, a key's name or an operator's name. */
  name: string;
}

/** A call of a route with everything parsed. `userId` is always set where the access is `user`. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  params: P;
  query: Q;
  body: B;
  actor: Actor;
  userId: string;
  req: Request;
  res: Response;
}

/** What OpenAPI says of one answer. */
export interface RouteAnswer {
  status: number;
  description: string;
  schema?: z.ZodType;
  contentType?: string;
}

/** What a handler answers. `streamed` says that it has written to `res` itself (files, SSE). */
export type Reply = { status?: number; body?: unknown; headers?: Record<string, string> } | 'streamed';

export interface Route<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';
  /** Express 5 path, `/v1/media/:id`. */
  path: string;
  tag: string;
  summary: string;
  access: Access;
  /**
   * What the caller must be allowed, such as `jobs:write`: a scope of keys and access tokens, a permission of operators
   * (contract/permissions.ts). Default: the tag and `:read` (GET) or `:write`.
   */
  scope?: string;
  /** How a key that belongs to a tenant is kept to it. Absent: such keys are answered 403 `tenant_key`. */
  tenant?: TenantRule;
  params?: P;
  query?: Q;
  /** Absent: the body is not read, the handler may stream `req`. */
  body?: B;
  /** The fields of a multipart form that the handler reads from `req` itself; for OpenAPI only. */
  form?: z.ZodType;
  /** Largest JSON body in bytes. Default 1 MiB. */
  bodyLimitBytes?: number;
  /** Calls per minute from one client address, for log-in and sign-up; beyond it 429. Default: no limit. */
  limitPerMinute?: number;
  /** The answer when all goes well; `schema` absent means an empty or a streamed body of `contentType`. */
  answer: RouteAnswer;
  /** Further answers that are no problems, such as a page that says no. For OpenAPI only. */
  otherAnswers?: readonly RouteAnswer[];
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply>;
}

/** Keeps the types of one route together; the table holds them without. */
export function route<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(definition: Route<P, Q, B>): Route {
  return definition as unknown as Route;
}

/** A product on top of the platform: its routes, its tables, and how it lets go. */
export interface ProductModule {
  name: string;
  routes: readonly Route[];
  /** Names of the events that it tells and webhooks may listen to. */
  events?: readonly string[];
  /** Folder of its SQL migrations and the schema they belong to. */
  migrations: { schema: string; folder: string };
  /** What sessions are served from. Default: PostgreSQL. */
  sessions?: SessionCache;
  /** What operators see of it beside its jobs; absent where there is nothing. */
  insight?(): Promise<ProductInsight>;
  close(): Promise<void>;
}
