/** GET /openapi.json: the reference that clients rely on, made from the route table itself. */
import { type Route, route } from '../../http/route.ts';
import { openApiDocument } from '../openapi.ts';

/** @param others every other route of the table; called on the first request under each path. */
export function openApi(others: () => readonly Route[]) {
  const texts = new Map<string, string>();
  return route({
    method: 'get',
    path: '/openapi.json',
    tag: 'system',
    summary: 'This API as OpenAPI 3.1',
    access: 'open',
    answer: { status: 200, description: 'The document.', contentType: 'application/json' },
    async handle({ req: { baseUrl } }) {
      const text = texts.get(baseUrl) ?? JSON.stringify(openApiDocument(others(), baseUrl));
      texts.set(baseUrl, text);
      return { body: text, headers: { 'cache-control': 'no-cache' } };
    },
  });
}
