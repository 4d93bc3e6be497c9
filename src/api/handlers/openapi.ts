/** GET /openapi.json: the reference that clients rely on, made from the route table itself. */
import { type Route, route } from '../../http/route.ts';
import { openApiDocument } from '../openapi.ts';

/** @param others every other route of the table; called once, on the first request. */
export function openApi(others: () => readonly Route[]) {
  let text: string | undefined;
  return route({
    method: 'get',
    path: '/openapi.json',
    tag: 'system',
    summary: 'This API as OpenAPI 3.1',
    access: 'open',
    answer: { status: 200, description: 'The document.', contentType: 'application/json' },
    async handle() {
      text ??= JSON.stringify(openApiDocument(others()));
      return { body: text, headers: { 'cache-control': 'no-cache' } };
    },
  });
}
