/** A few routes on Express with real credentials and idempotency keys in PostgreSQL, to see what every route gets. */
import { afterAll, beforeAll } from 'vitest';
import { z } from 'zod';
import { ConflictError } from '../../src/contract/index.ts';
import { bearerAuthentication } from '../../src/http/auth/authenticate.ts';
import { setApiKey } from '../../src/http/auth/keys.ts';
import { seedCredentials } from '../../src/http/auth/seed.ts';
import { createTokens, type Tokens } from '../../src/http/auth/tokens.ts';
import { requestLog } from '../../src/http/context.ts';
import { nothingHere } from '../../src/http/errors.ts';
import { idempotency } from '../../src/http/idempotency.ts';
import { type Route, route } from '../../src/http/route.ts';
import { router } from '../../src/http/router.ts';
import { securityHeaders } from '../../src/http/security-headers.ts';
import { type Database, openDatabase } from '../../src/ledger/database.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { serve, type TestServer } from './http.ts';
import { migratedDatabase } from './stack.ts';

export const key = 'a-key-of-the-tests-with-enough-characters';

/** Call it in the file or inside `describe`. */
export function useThings() {
  let database: Database;
  let drop: () => Promise<void>;
  let tokens: Tokens;
  let server: TestServer;
  let runs = 0;
  let finishSlow: () => void = () => {};
  /** Everything that was logged. */
  const records: string[] = [];
  const logger = createLogger({ level: 'debug', destination: { write: (line) => records.push(line) } });

  const answer = { status: 201, description: 'Made.' };
  const things: Route[] = [
    route({
      method: 'post',
      path: '/v1/things/:id',
      tag: 'Things',
      summary: 'Make a thing',
      access: 'either',
      params: z.object({ id: z.string().regex(/^\d+$/) }),
      query: z.strictObject({ size: z.coerce.number().max(9).optional() }),
      body: z.strictObject({ name: z.string(), payload: z.object({ width: z.int() }).optional() }),
      bodyLimitBytes: 2_000,
      answer,
      async handle({ body, actor }) {
        runs += 1;
        if (body.name === 'conflict') throw new ConflictError('busy', 'Busy');
        if (body.name === 'broken') throw new Error('select * from secrets');
        if (body.name === 'slow') await new Promise<void>((resolve) => (finishSlow = resolve));
        const cache: Record<string, string> = body.name === 'secret' ? { 'cache-control': 'no-store' } : {};
        return {
          body: { run: runs, name: body.name, userId: actor.userId ?? null },
          headers: { 'x-made': 'yes', ...cache },
        };
      },
    }),
    route({
      method: 'post',
      path: '/v1/streamed',
      tag: 'Things',
      summary: 'Read the body in the handler',
      access: 'key',
      answer,
      async handle({ req }) {
        runs += 1;
        const bytes = (await req.toArray()).reduce((total: number, chunk: Buffer) => total + chunk.length, 0);
        return { body: { run: runs, bytes } };
      },
    }),
    route({
      method: 'get',
      path: '/v1/mine',
      tag: 'Things',
      summary: 'Who am I',
      access: 'user',
      answer: { status: 200, description: 'You.' },
      handle: async ({ userId }) => ({ body: { userId } }),
    }),
    route({
      method: 'get',
      path: '/v1/mine/events',
      tag: 'Things',
      summary: 'Who am I, as a stream',
      access: 'user',
      answer: { status: 200, description: 'You.', contentType: 'text/event-stream' },
      handle: async ({ userId }) => ({ body: userId }),
    }),
    route({
      method: 'post',
      path: '/v1/enter',
      tag: 'Things',
      summary: 'Limited',
      access: 'open',
      limitPerMinute: 3,
      body: z.object({}),
      answer: { status: 204, description: 'In.' },
      handle: async () => ({}),
    }),
  ];

  beforeAll(async () => {
    const fresh = await migratedDatabase();
    drop = fresh.drop;
    database = openDatabase({ url: fresh.url });
    await seedCredentials(database, { TWOLANE_API_KEY: key });
    await setApiKey(database, 'reader', 'reader-key', ['things:read']);
    tokens = createTokens(database);
    server = await serve(
      requestLog(logger),
      securityHeaders({ tls: false }),
      router(things, {
        authenticate: bearerAuthentication(tokens),
        logger,
        idempotency: idempotency({ db: database, logger, renewMs: 50 }),
      }),
      nothingHere,
    );
  });

  afterAll(async () => {
    await server?.close();
    await database?.close();
    await drop?.();
  });

  return {
    records,
    make: (body: unknown, headers: Record<string, string> = {}, path = '/v1/things/1') =>
      server.call('POST', path, { body, token: key, headers }),
    call: (...args: Parameters<TestServer['call']>) => server.call(...args),
    finishSlow: () => finishSlow(),
    get database() {
      return database;
    },
    get tokens() {
      return tokens;
    },
    /** How often a handler has run. */
    get runs() {
      return runs;
    },
  };
}
