/** The calls that the pages on the social half and on media show, made against a running product. */

import * as tus from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { quarters } from '../support/pictures.ts';
import { runTypescript } from '../support/run-typescript.ts';
import { shell } from '../support/shell.ts';
import { type Snippet, snippetsOf } from '../support/snippets.ts';
import { until } from '../support/stack.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
}, 60_000);
afterAll(() => app?.stop());

const post = (path: string, user: string, body: object) =>
  caller(app.url)('POST', path, { token: apiKey, headers: { 'x-acting-user': user }, body });

function blockWith(page: string, text: string): Snippet {
  const found = snippetsOf(page).find(({ code }) => code.includes(text));
  if (!found) throw new Error(`No block of ${page} has ${text}`);
  return found;
}
const type = (code: string, environment: Record<string, string> = {}) =>
  shell(code, { environment: { URL: app.url, KEY: apiKey, ...environment } });

describe('docs/social.md', () => {
  const page = 'docs/social.md';

  it('reads a feed and the trends', async () => {
    expect(JSON.parse(await type(blockWith(page, '/v1/feed?limit=20').code))).toEqual({ items: [], nextCursor: null });
    expect(JSON.parse(await type(blockWith(page, '/v1/trending').code))).toMatchObject({ items: [], empty: {} });
  });

  it('makes an account private', async () => {
    expect(JSON.parse(await type(blockWith(page, '/v1/privacy').code))).toEqual({ private: true });
  });

  it('writes to somebody, and hears of it on the stream of his own', async () => {
    const thread = await post('/v1/threads', 'ana', { memberIds: ['leo'] });
    const [write = '', follow = ''] = blockWith(page, '/v1/inbox/events').code.split(/^(?=curl -sN)/m);
    // The stream has no end and tells of what comes after it began: it is written to once it is ready, and left when it has told.
    const printed = await type(
      `write() {\n${write}\n}
       exec 3< <(exec ${follow.trim()} --max-time 20)
       STREAM=$!
       while read -r line <&3; do
         echo "$line"
         case $line in *ready*) write ;; *'are you there'*) kill $STREAM; break ;; esac
       done`,
      { ID: thread.json.id },
    );
    expect(printed).toContain(`"id":"${thread.json.id}"`);
    expect(printed).toMatch(/^data: .*are you there/m);
  });
});

describe('docs/notifications.md', () => {
  it('reads the list, prefers, and asks why', async () => {
    const printed = await type(blockWith('docs/notifications.md', '/v1/notifications/why').code, { POST: '7' });
    const [list, preferences, why] = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(list).toEqual({ items: [], nextCursor: null });
    expect(preferences).toMatchObject({ quietHours: { timeZone: 'Europe/Berlin' } });
    expect(why).toEqual({ decisions: [], deliveries: [] });
  });
});

describe('docs/media.md', () => {
  it('uploads with a client of tus', async () => {
    const token = (await post('/v1/tokens', 'ana', {})).json.token;
    const noted: (string | undefined)[] = [];
    await runTypescript(blockWith('docs/media.md', 'new tus.Upload'), {
      ...{ tus, token, url: app.url },
      file: await quarters(64, 48),
      note: (id: string | undefined) => noted.push(id),
    });
    const id = await until('the media is told', () => noted.find(Boolean));
    const { status, json } = await caller(app.url)('GET', `/v1/media/${id}`, { token });
    expect([status, json.metadata]).toEqual([200, { album: 'holidays' }]);
  });
});
