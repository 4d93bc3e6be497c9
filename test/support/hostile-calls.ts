/** Calls of the API from its OpenAPI document: by and large such as fit, with what strangers send in some places. */
import fc, { type Arbitrary } from 'fast-check';
import { fitting, hostileText, type Schema } from './hostile-values.ts';

export interface ApiDocument {
  paths: Record<string, Record<string, DescribedOperation>>;
  components: { schemas: Record<string, Schema> };
}
interface DescribedOperation {
  parameters?: ApiParameter[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
  responses: Record<string, { content?: Record<string, unknown> }>;
}
interface ApiParameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema?: Schema;
}

export interface ApiOperation {
  method: string;
  path: string;
  parameters: ApiParameter[];
  body: Schema | undefined;
  /** Answers a stream of events. */
  streams: boolean;
  /** Answers a page for people, problems included. */
  isPage: boolean;
}

export interface ApiCall {
  method: string;
  /** With its query. */
  path: string;
  body: string | undefined;
  /** As the user 1, in whose name the key acts. */
  asUser: boolean;
}

export function operationsOf({ paths }: ApiDocument): ApiOperation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses }]) => ({
      method,
      path,
      parameters,
      body: requestBody?.content['application/json']?.schema,
      streams: answers(responses, 'text/event-stream'),
      isPage: answers(responses, 'text/html'),
    })),
  );
}

function answers(responses: DescribedOperation['responses'], type: string): boolean {
  return Object.values(responses).some(({ content }) => Object.keys(content ?? {}).some((one) => one.startsWith(type)));
}

/** @param ids of things that are there: half of the ids in paths are one of them */
export function arbitraryCall(
  { method, path, parameters, body }: ApiOperation,
  document: ApiDocument,
  ids: readonly string[],
) {
  const find = (ref: string) => document.components.schemas[ref.split('/').at(-1) ?? ''] as Schema;
  const places = parameters.filter((one) => one.in === 'path');
  const query = parameters.filter((one) => one.in === 'query');
  const segment = ({ schema }: ApiParameter) =>
    fc.oneof(fc.constantFrom('1', ...ids), fc.oneof(fitting(schema, find).map(String), hostileText));
  return fc.record({
    method: fc.constant(method),
    asUser: fc.boolean(),
    body: body ? fitting(body, find).map((value) => JSON.stringify(value)) : fc.constant(undefined),
    path: fc.tuple(fc.tuple(...places.map(segment)), search(query, find)).map(([values, after]) => {
      let at = 0;
      return path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(sent(values[at++] ?? '')) || '1') + after;
    }),
  }) satisfies Arbitrary<ApiCall>;
}

function search(query: readonly ApiParameter[], find: (ref: string) => Schema): Arbitrary<string> {
  const fields = query.map(({ name, schema }) =>
    fc.option(fitting(schema, find), { nil: undefined }).map((value) => [name, value] as const),
  );
  return fc.tuple(...fields).map((pairs) => {
    const given = pairs.filter(([, value]) => value !== undefined);
    const fields = given.map(([name, value]): [string, string] => [
      name,
      sent(typeof value === 'string' ? value : JSON.stringify(value)),
    ]);
    return fields.length > 0 ? `?${new URLSearchParams(fields)}` : '';
  });
}

/** As it travels: UTF-8 has no halves of surrogate pairs, and a request line has an end. */
function sent(text: string): string {
  return Buffer.from(text.slice(0, 3_000)).toString();
}
