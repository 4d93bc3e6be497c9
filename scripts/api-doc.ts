/** `npm run docs:api`: writes docs/api.md, the reference of the API, from the OpenAPI document that it serves. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownDocument } from './own-document.ts';
import { repository } from './run/folder.ts';

type Schema = Record<string, unknown> & { description?: string; $ref?: string };
type Shape = (schema: Schema) => string;
type Content = Record<string, { schema?: Schema }>;

interface Operation {
  tags: string[];
  summary: string;
  description: string;
  parameters: { name: string; in: string; required?: boolean; description?: string; schema: Schema }[];
  requestBody?: { content: Content };
  responses: Record<string, { description?: string; content?: Content }>;
  'x-tenant'?: 'own' | 'shared' | 'closed';
}

interface Document {
  info: { description: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Where the page is written. */
export const apiFile = join(repository, 'docs', 'api.md');

const head = `# API

<!-- Written by \`npm run docs:api\` from the route table: change a route, then run it again. -->

Every call, as it stands in the table of routes. \`/docs\` on a running server shows the same with calls to try, \`/openapi.json\`
is the OpenAPI 3.1 document for generators, and [the client](client.md) has its types. [As a service](service.md) says how the calls
fit together.
`;

/** The whole page as Markdown. Deterministic, so that a test can tell whether the file is up to date. */
export async function apiDoc(): Promise<string> {
  const api = (await ownDocument()) as Document;
  const module = await import(new URL('../src/api/web/shape.js', import.meta.url).href);
  const shape: Shape = (schema) => module.shape(schema);
  const sections = api.tags.map(({ name }) => sectionOf(name, api, shape));
  const { schemas } = api.components;
  const shapes = Object.keys(schemas)
    .toSorted()
    .map((name) => `### ${name}\n${block(shape(schemas[name] as Schema))}`);
  return [head, `${api.info.description}\n`, ...sections, '## Shapes\n', shapes.join('\n')].join('\n');
}

function sectionOf(tag: string, { paths }: Document, shape: Shape): string {
  const calls = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes(tag))
      .map(([method, operation]) => callOf(`${method.toUpperCase()} ${path}`, operation, shape)),
  );
  return `## ${tag[0]?.toUpperCase()}${tag.slice(1)}\n\n${calls.join('\n')}`;
}

function callOf(name: string, operation: Operation, shape: Shape): string {
  const { summary, description, parameters, requestBody, responses } = operation;
  const closed = operation['x-tenant'] === 'closed' ? ' Not with a key that belongs to a tenant.' : '';
  const fields = parameters.filter((each) => each.in !== 'header').map((each) => parameterOf(each, shape));
  const [type, body] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const [status, answer] = Object.entries(responses)[0] ?? [];
  const found = Object.values(answer?.content ?? {})[0]?.schema;
  return [
    `### ${name.replaceAll(/\{(\w+)\}/g, ':$1')}\n`,
    `${summary}. ${description}${closed}\n`,
    ...(fields.length > 0 ? [`${fields.join('\n')}\n`] : []),
    ...(body ? [told(`**Body${type === 'application/json' ? '' : `, ${type}`}.**`, body.schema, shape)] : []),
    told(`**Answer ${status}.** ${answer?.description}`, found, shape),
  ].join('\n');
}

function parameterOf(
  { name, in: where, required, description, schema }: Operation['parameters'][number],
  shape: Shape,
) {
  const text = description ?? schema.description;
  const optional = required || where === 'path' ? '' : ', optional';
  const type = shape({ ...schema, description: undefined }).replaceAll(/\s+/g, ' ');
  return `- \`${where === 'path' ? `:${name}` : `?${name}=`}\`${optional}: ${type}${text ? `. ${text}` : ''}`;
}

/** A title with a link to a shape that has a name, or with the shape itself. */
function told(title: string, schema: Schema | undefined, shape: Shape): string {
  const name = schema?.$ref?.split('/').at(-1);
  if (name) return `${title} [${name}](#${name.toLowerCase()})\n`;
  return `${title}\n${schema ? block(shape(schema)) : ''}`;
}

const block = (text: string) => `\n\`\`\`jsonc\n${text.replaceAll(/[ \t]+$/gm, '')}\n\`\`\`\n`;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(apiFile, await apiDoc());
