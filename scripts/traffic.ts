/**
 * `npm run traffic -- --rate 20`: keeps the seeded world alive. Its people read, like, comment, follow, write and post through
 * the API of the running `npm start`, so many deeds a second, until Ctrl-C or for `--seconds`.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { loadConfig } from '../src/config.ts';
import { addApiKey, removeApiKey } from '../src/http/auth/keys.ts';
import { openDatabase } from '../src/ledger/database.ts';
import { schemaOf } from '../src/ledger/schema.ts';
import { type CallAs, deeds, nextDeed, type Stage } from './demo/deeds.ts';
import { say, wholeNumber } from './demo/terminal.ts';
import { stackFolder } from './run/folder.ts';
import { runningAddress } from './stack/lock.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '10' },
    seconds: { type: 'string' },
    url: { type: 'string', default: runningAddress(stackFolder) },
  },
});
const rate = wholeNumber('--rate', values.rate, { least: 1 });
const seconds = values.seconds === undefined ? Infinity : wholeNumber('--seconds', values.seconds, { least: 1 });
/** Deeds that may be under way at once; beyond it the server is slower than asked, and deeds are left out. */
const mostAtOnce = 200;
const everyMs = 5_000;

const over = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => over.abort());

interface Tally {
  done: Map<string, number>;
  failed: number;
  leftOut: number;
  lastError: string;
  tookMs: number[];
}
const fresh = (): Tally => ({ done: new Map(), failed: 0, leftOut: 0, lastError: '', tookMs: [] });
const all = fresh();
let recent = fresh();

function caller(base: string, key: string): CallAs {
  return async (userId, method, path, body) => {
    const isForm = body instanceof FormData;
    const type: Record<string, string> = isForm || body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { authorization: `Bearer ${key}`, 'x-acting-user': userId, ...type };
    const sent = isForm || body === undefined ? body : JSON.stringify(body);
    const answer = await fetch(base + path, { method, headers, body: sent, signal: AbortSignal.timeout(30_000) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}

/** Does deeds at the rate until it is over, then waits for those under way. */
async function act(stage: Stage): Promise<void> {
  const under = new Set<Promise<void>>();
  const startedAt = performance.now();
  for (let n = 0; !over.signal.aborted && n < rate * seconds; n += 1) {
    const dueAt = startedAt + (n * 1_000) / rate;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    if (under.size >= mostAtOnce) {
      for (const tally of [all, recent]) tally.leftOut += 1;
      continue;
    }
    const deed = doOne(stage);
    under.add(deed);
    void deed.finally(() => under.delete(deed));
  }
  await Promise.all(under);
}

async function doOne(stage: Stage): Promise<void> {
  const { name, run } = nextDeed(stage);
  const startedAt = performance.now();
  const error = await run().then(
    () => undefined,
    (reason: Error) => reason,
  );
  for (const tally of [all, recent]) {
    if (error) tally.failed += 1;
    else tally.done.set(name, (tally.done.get(name) ?? 0) + 1);
    tally.tookMs.push(performance.now() - startedAt);
    if (error) tally.lastError = error.message;
  }
}

function lineOf({ done, failed, leftOut, lastError, tookMs }: Tally): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0);
  const counts = deeds.flatMap(({ name }) => (done.has(name) ? `${done.get(name)} ${name}` : []));
  const bad = failed > 0 ? `; ${failed} failed, the last one: ${lastError}` : '';
  const late = leftOut > 0 ? `; ${leftOut} left out, as ${mostAtOnce} were under way` : '';
  return `${counts.join(', ') || 'nothing'}; p50 ${at(0.5)} ms, p99 ${at(0.99)} ms${bad}${late}`;
}

async function traffic(base: string): Promise<void> {
  const config = loadConfig();
  const db = openDatabase({
    url: config.DATABASE_URL,
    schema: config.TWOLANE_SCHEMA ?? schemaOf(config.TWOLANE_PREFIX),
    size: 2,
  });
  const name = `traffic-${randomBytes(4).toString('hex')}`;
  try {
    const { rows } = await db.query<{ id: string }>(
      'select id::text from twolane_social.users where seeded order by users.id limit 5000',
    );
    if (rows.length < 3) throw new Error('There are no seeded people yet. Run `npm run seed` first.');
    const key = await addApiKey(db, { name, scopes: ['*'], lifetimeMs: 24 * 3_600_000 });
    const people = rows.map(({ id }) => id);
    say(`${people.length} people, ${rate} deeds a second, at ${base}. Ctrl-C ends it.`);
    const printing = setInterval(() => {
      say(lineOf(recent));
      recent = fresh();
    }, everyMs);
    const stage = {
      call: caller(base, key),
      draw: Math.random,
      people,
      photos: new Map(),
      seen: [],
      threads: new Map(),
    };
    await act(stage).finally(() => clearInterval(printing));
    say(`In all ${lineOf(all)}`);
    if (all.tookMs.length > 0 && all.failed === all.tookMs.length) process.exitCode = 1;
  } finally {
    await removeApiKey(db, name);
    await db.close();
  }
}

if (values.url === undefined) {
  console.error('Start Twolane first (`npm start`), or name it: npm run traffic -- --url http://127.0.0.1:3000');
  process.exitCode = 1;
} else
  await traffic(values.url.replace(/\/$/, '')).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
