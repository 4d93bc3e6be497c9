/** The page on Twolane as a service: its calls are made in their order, its receivers verify what comes, its event looks like one. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import express from 'express';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { platformJobs } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { defineJob } from '../../src/contract/index.ts';
import { parseAllowed } from '../../src/outgoing/index.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { wordsOf } from '../support/cli-app.ts';
import { caller } from '../support/http.ts';
import { quarters } from '../support/pictures.ts';
import { shell } from '../support/shell.ts';
import { repository, snippetsOf } from '../support/snippets.ts';
import { until } from '../support/stack.ts';
import { testTerminal } from '../support/terminal.ts';

interface Event {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}

const run = promisify(execFile);
const page = 'docs/service.md';
const snippets = snippetsOf(page);
const only = (language: string) => {
  const found = snippets.filter((snippet) => snippet.language === language);
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks of ${language}`);
  return found[0]?.code ?? '';
};
const printAlbum = defineJob({ type: 'print-album', lane: 'bulk', queue: 'albums', payload: z.object({}) });

describe(page, () => {
  let app: TestApp;
  let server: Server;
  let printed = '';
  const handled = new Map<string, Event>();
  const requests: { headers: Record<string, string>; body: string }[] = [];

  /** The receiver of the page, beside a photo for it to hand over, and a note of what came. */
  async function startProduct(): Promise<string> {
    const product = express();
    product.get('/beach.jpg', async (_req, res) => res.type('jpeg').send(await quarters(64, 48)));
    product.use('/hooks', async (req, _res, next) => {
      const chunks: Buffer[] = [];
      req.on('data', (chunk) => chunks.push(chunk));
      req.on('end', () =>
        requests.push({ headers: req.headers as Record<string, string>, body: Buffer.concat(chunks).toString() }),
      );
      next();
    });
    const receive = new Function('app', 'express', 'Webhook', 'handleOnce', only('js').replace(/^import .*$/gm, ''));
    receive(product, express, Webhook, (id: string, event: Event) => handled.set(id, event));
    server = product.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function twolane(line: string): Promise<string> {
    const terminal = testTerminal({ environment: app.environment });
    expect({ line, code: await runCommandLine(wordsOf(line), terminal) }).toMatchObject({ code: 0 });
    return terminal.stdout;
  }

  beforeAll(async () => {
    app = await startTestApp({
      settings: { TWOLANE_OUTGOING_ALLOW: '127.0.0.1' },
      overrides: {
        catalog: { ...platformJobs, 'print-album': printAlbum },
        handlers: (services) => ({ ...platformHandlers(services), 'print-album': async () => undefined }),
      },
    });
    const folder = join(app.config.TWOLANE_FILES_DIR, 'incoming/2026');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'beach.jpg'), await quarters(64, 48));
    const product = await startProduct();
    const here = (code: string) =>
      code
        .replace('http://127.0.0.1:3000', app.url)
        .replaceAll(/https:\/\/(photos|app)\.example/g, product)
        .replace('npm run -s credentials', `echo 'API key ${apiKey}'`);
    const calls = snippets.filter(({ language }) => language === 'sh').map(({ code }) => here(code));
    expect(calls.length).toBeGreaterThan(5);
    // As when the calls are made by hand: the webhook first, since the others are what it tells of.
    const sorted = calls.toSorted((one, other) => Number(other.includes('/hooks')) - Number(one.includes('/hooks')));
    const [setUp = ''] = calls;
    const script = [setUp, ...sorted.filter((code) => code !== setUp)].join('\n');
    // A process of its own for each command would take seconds.
    const commands = /^npm run -s twolane -- (.*)$/gm;
    for (const [, line = ''] of script.matchAll(commands)) printed += await twolane(line);
    printed += await shell(script.replaceAll(commands, ''));
    process.env.WEBHOOK_SECRET = /whsec_[\w+/=]+/.exec(printed)?.[0];
  }, 90_000);
  afterAll(async () => {
    delete process.env.WEBHOOK_SECRET;
    await app?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  it('hands out tokens, tickets and keys', () => {
    expect(printed.match(/"token":"tl[at]_/g)).toEqual(['"token":"tla_', '"token":"tlt_']);
    expect(printed.match(/^tl_\S{43}$/gm)).toHaveLength(2);
  });

  it('takes photos by URL and by key, and its receiver in Node.js hears of them', async () => {
    const ids = [...printed.matchAll(/\{"id":"(\d+)","jobId"/g)].map(([, id]) => id);
    expect(ids).toHaveLength(2);
    const ready = () => [...handled.values()].filter(({ type }) => type === 'media.ready');
    await until('both photos are ready', () => ready().length === 2, { timeoutMs: 30_000 });
    expect(ready().map(({ data }) => data.id)).toEqual(expect.arrayContaining(ids));
    expect(ready().map(({ data }) => data.metadata)).toContainEqual({ album: 7 });
  });

  it('verifies them in Python, and nothing else', async () => {
    const { body, headers } = requests[0] ?? { body: '', headers: {} };
    const verdict = async (sent: string) => {
      const code = `import json\n${only('python')}\ntry:\n  verify(${JSON.stringify(sent)}.encode(), json.loads(${JSON.stringify(JSON.stringify(headers))}))\n  print('ours')\nexcept ValueError as error:\n  print(error)`;
      return (await run('python3', ['-c', code])).stdout.trim();
    };
    expect(await verdict(body)).toBe('ours');
    expect(await verdict(body.replace('media', 'money'))).toBe('not signed with our secret');
    headers['webhook-timestamp'] = '1';
    expect(await verdict(body)).toBe('not signed with our secret');
  });

  it('tells of a job as it shows', async () => {
    const call = caller(app.url);
    const [webhook] = (await call('GET', '/v1/webhooks', { token: apiKey })).json.items;
    const changed = { events: [...webhook.events, 'job.succeeded'], jobTypes: ['print-album'] };
    await call('PATCH', `/v1/webhooks/${webhook.id}`, { token: apiKey, body: changed });
    const { id } = await app.twolane.enqueue(printAlbum, {}, { metadata: { order: 7 } });
    const told = await until('the job is told of', () => [...handled.values()].find(({ data }) => data.id === id));
    const shown: Event = JSON.parse(only('json'));
    expect(told).toEqual({ ...shown, timestamp: expect.any(String), data: { ...shown.data, id } });
    expect(told.timestamp).toMatch(/^\d{4}-\d{2}-\d{2}T[\d:]{8}\.\d{3}Z$/);
  });

  it('tells of an operation that is over, in the words of its table', async () => {
    const call = caller(app.url);
    const [webhook] = (await call('GET', '/v1/webhooks', { token: apiKey })).json.items;
    await call('PATCH', `/v1/webhooks/${webhook.id}`, { token: apiKey, body: { events: ['operation.finished'] } });
    const operation = { action: 'cancel', filter: { key: 'nobody' } };
    const { id } = (await call('POST', '/v1/operations', { token: apiKey, body: operation })).json;
    const told = await until('the operation is told of', () =>
      [...handled.values()].find(({ data }) => data.id === id),
    );
    expect(told).toMatchObject({ type: 'operation.finished', data: { action: 'cancel', status: 'done', moved: 0 } });
    const [, fields = ''] =
      /^\| `operation\.finished`.*`\{(.*?)\}`/m.exec(readFileSync(join(repository, page), 'utf8')) ?? [];
    expect(Object.keys(told.data).join(', ')).toBe(fields);
  });

  it('allows receivers by names and networks', () => {
    const [, list = ''] = /^TWOLANE_OUTGOING_ALLOW=(.+)$/m.exec(snippets.map(({ code }) => code).join('\n')) ?? [];
    expect(() => parseAllowed(list)).not.toThrow();
    expect(list).toContain('hooks.internal');
  });
});
