/** OpenAPI 3.1 from the route table and its zod schemas. */
import type { z } from 'zod';
import { scopeOf } from '../http/auth/access.ts';
import { problemSchema } from '../http/problem.ts';
import type { Access, Route, RouteAnswer } from '../http/route.ts';
import { type SchemaCollector, schemaCollector } from './openapi-schemas.ts';
import { tagDescriptions } from './openapi-tags.ts';

const description =
  `Errors are problems (RFC 9457) with a stable \`code\` and JSON Pointers to fields. \`Idempotency-Key\`
works on every POST of a known caller: within 24 h the same key and body get the first answer, marked
\`Idempotent-Replayed: true\`. Lists are pages: \`?limit=&cursor=\` to \`{items, nextCursor}\`. Ids are 64-bit numbers as
text. Times are ISO 8601 UTC.`.replaceAll('\n', ' ');

/** The document, ready for JSON. Pages for people are left out. `mountedAt` is the path before every path, such as `/jobs`. */
export function openApiDocument(routes: readonly Route[], mountedAt = ''): Record<string, unknown> {
  const collector = schemaCollector();
  const shown = routes.filter((route) => route.tag !== 'pages' && route.method !== 'options');
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of shown) {
    const path = route.path.replaceAll(
      /\{?\/?[:*](\w+)\}?/g,
      (found, name) => `${found.includes('/') ? '/' : ''}{${name}}`,
    );
    paths[path] = { ...paths[path], [route.method]: operation(route, path, collector) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Twolane', version: '1', description, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: mountedAt || '/' }],
    tags: [...new Set(shown.map((route) => route.tag))].map((name) => ({
      name,
      description: tagDescriptions[name] ?? name,
    })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key, a session token or an access token.' },
        ticket: { type: 'apiKey', in: 'query', name: 'ticket', description: 'A stream ticket, for event streams.' },
      },
      responses: {
        Problem: {
          description: 'A problem (RFC 9457).',
          headers: { 'Retry-After': { description: 'Seconds, with 429 and 503.', schema: { type: 'integer' } } },
          content: { 'application/problem+json': { schema: collector.add(problemSchema, 'output', 'Problem') } },
        },
      },
      schemas: collector.schemas,
    },
  };
}

const accessTexts: Readonly<Record<Access, string>> = {
  open: 'Anyone.',
  user: 'A user, or an API key with the scope `act` and `X-Acting-User`.',
  key: 'An API key.',
  either: 'An API key, or a user for what is his own.',
  operator: 'An operator.',
};

function operation(route: Route, path: string, collector: SchemaCollector): Record<string, unknown> {
  const id = `${route.method}${path.replaceAll(/[^A-Za-z0-9]+(\w?)/g, (_all, first: string) => first.toUpperCase())}`;
  const scoped = route.access === 'open' ? '' : ` Scope \`${scopeOf(route)}\`.`;
  return {
    operationId: id,
    tags: [route.tag],
    summary: route.summary,
    description: accessTexts[route.access] + scoped,
    security: securityOf(route),
    'x-access': route.access,
    ...(route.access !== 'open' && {
      'x-tenant': typeof route.tenant === 'object' ? 'own' : (route.tenant ?? 'closed'),
    }),
    ...(route.access !== 'open' && { 'x-scope': scopeOf(route) }),
    parameters: parametersOf(route, path, collector, id),
    ...requestBodyOf(route, collector, id),
    responses: {
      ...Object.fromEntries(
        [route.answer, ...(route.otherAnswers ?? [])].map((answer) => [answer.status, answerOf(answer, collector, id)]),
      ),
      '4XX': { $ref: '#/components/responses/Problem' },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

function requestBodyOf({ body, form }: Route, collector: SchemaCollector, id: string): Record<string, unknown> {
  const schema = body ?? form;
  if (!schema) return {};
  const required = !schema.safeParse(undefined).success;
  const type = body ? 'application/json' : 'multipart/form-data';
  return { requestBody: { required, content: { [type]: { schema: collector.add(schema, 'input', id) } } } };
}

function securityOf({ access, answer }: Route): Record<string, never[]>[] {
  if (access === 'open') return [];
  return answer.contentType === 'text/event-stream' ? [{ bearer: [] }, { ticket: [] }] : [{ bearer: [] }];
}

function answerOf(answer: RouteAnswer, collector: SchemaCollector, id: string): Record<string, unknown> {
  if (answer.schema) {
    const schema = collector.add(answer.schema, 'output', `${id}Answer`);
    return { description: answer.description, content: { [answer.contentType ?? 'application/json']: { schema } } };
  }
  return { description: answer.description, ...(answer.contentType && { content: { [answer.contentType]: {} } }) };
}

function parametersOf(route: Route, path: string, collector: SchemaCollector, id: string): Record<string, unknown>[] {
  const own = fieldsOf(collector, route.params, `${id}Path`).fields;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((found) => String(found[1]));
  const query = fieldsOf(collector, route.query, `${id}Query`);
  return [
    ...names.map((name) => ({ name, in: 'path', required: true, schema: own[name] ?? { type: 'string' } })),
    ...Object.entries(query.fields).map(([name, schema]) => ({
      name,
      in: 'query',
      required: query.required.includes(name),
      schema,
    })),
    ...headersOf(route),
  ];
}

/** Headers that any route of a kind understands. */
function headersOf({ method, access, answer }: Route): Record<string, unknown>[] {
  const header = (name: string, description: string) => ({
    name,
    in: 'header',
    schema: { type: 'string' },
    description,
  });
  const resumable = answer.contentType === 'text/event-stream';
  return [
    ...(method === 'post' && access !== 'open'
      ? [header('Idempotency-Key', 'Makes the call repeatable for 24 h.')]
      : []),
    ...(resumable ? [header('Last-Event-ID', 'Where a broken stream goes on.')] : []),
  ];
}

function fieldsOf(collector: SchemaCollector, schema: z.ZodType | undefined, name: string) {
  const made = schema ? collector.inline(schema, 'input', name) : {};
  return {
    fields: (made.properties ?? {}) as Record<string, unknown>,
    required: (made.required ?? []) as string[],
  };
}
