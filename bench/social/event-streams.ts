/** Event streams held by one API process: the memory of each, and messages that reach them from another process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../scripts/stack/ports.ts';
import { apiKey } from '../fleet.ts';
import { startInstallation } from './installation.ts';

export interface StreamFigures {
  streams: number;
  /** Of the API process, per stream, KiB. */
  kibPerStream: number;
  /** From the first request to the last `ready`, seconds. */
  openS: number;
  /** Milliseconds from the answer to a sender at the other process until the message is on the recipient's stream. */
  waitsMs: number[];
  sent: number;
  arrived: number;
}

/** Opened before the memory is read for the first time, so that code and pools are not counted as streams. */
const warmUp = 200;
const atOnce = 100;
const senders = 100;
const user = (n: number) => `watcher-${n}`;

/** @throws Error when the system allows a process too few files; each stream is one on either side. */
function requireFiles(streams: number): void {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files: { hard: number | string } } };
  const hard = Number(userLimits?.open_files.hard);
  // Node.js raises its own soft limit to the hard one.
  if (hard < streams + 200)
    throw new Error(`A process may open ${hard} files here, and ${streams} streams need more: ulimit -Hn`);
}

/** Holds `streams` inbox streams at one API process and sends `messages` through another one, `perS` a second. */
export async function eventStreams(streams: number, messages: number, perS: number): Promise<StreamFigures> {
  requireFiles(streams);
  const installation = await startInstallation();
  const { DATABASE_URL, TWOLANE_PREFIX, TWOLANE_API_KEY } = installation.config;
  const own = { DATABASE_URL, TWOLANE_PREFIX, TWOLANE_API_KEY, TWOLANE_SCHEMA: 'twolane', LOG_LEVEL: 'error' };
  const environment = { ...process.env, ...own };
  const apis: Api[] = [];
  try {
    for (let n = 0; n < 2; n += 1) apis.push(await startApi(environment));
    return await measure(apis as [Api, Api], { streams, messages, perS });
  } finally {
    for (const { child } of apis) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await installation.close();
  }
}

interface Api {
  child: ChildProcess;
  url: string;
}

async function startApi(environment: Record<string, string | undefined>): Promise<Api> {
  const port = await freePort();
  const entry = fileURLToPath(new URL('../../workers/api.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry], {
    env: { ...environment, PORT: `${port}` },
    stdio: 'inherit',
  });
  const url = `http://127.0.0.1:${port}`;
  const answers = () =>
    fetch(`${url}/healthz`).then(
      () => true,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 100));
  return { child, url };
}

async function measure(
  [holder, other]: [Api, Api],
  { streams, messages, perS }: { streams: number; messages: number; perS: number },
): Promise<StreamFigures> {
  const came = new Map<string, number>();
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const open = async (from: number, to: number) => {
    let next = from;
    const opening = async () => {
      while (next < to) await openStream(holder.url, agent, user(next++), came);
    };
    await Promise.all(Array.from({ length: atOnce }, opening));
  };
  await open(0, warmUp);
  const before = residentKib(holder.child);
  const startedAt = performance.now();
  await open(warmUp, streams);
  const openS = (performance.now() - startedAt) / 1_000;
  const after = await settled(() => residentKib(holder.child));
  const sentAt = await send(other.url, { streams, messages, perS });
  for (let tries = 0; came.size < messages && tries < 500; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  agent.destroy();
  const waitsMs = [...sentAt].flatMap(([text, at]) =>
    came.has(text) ? Math.max(0, (came.get(text) as number) - at) : [],
  );
  return {
    streams,
    kibPerStream: (after - before) / (streams - warmUp),
    openS,
    waitsMs,
    sent: messages,
    arrived: came.size,
  };
}

/** Resolves at the stream's `ready`; notes when each message came. */
function openStream(base: string, agent: Agent, userId: string, came: Map<string, number>): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': userId };
  return new Promise((resolve, reject) => {
    const request = get(`${base}/v1/inbox/events`, { agent, headers }, (answer: IncomingMessage) => {
      if (answer.statusCode !== 200) return reject(new Error(`A stream was answered with ${answer.statusCode}`));
      let rest = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        const frames = (rest + chunk).split('\n\n');
        rest = frames.pop() ?? '';
        for (const frame of frames) {
          if (frame.includes('event: ready')) resolve();
          const text = /^data: .*"text":"([^"]+)"/m.exec(frame)?.[1];
          if (text) came.set(text, performance.now());
        }
      });
    });
    // Streams end with the bench.
    request.on('error', reject);
  });
}

/**
 * People write to others all over the streams: many, as one alone would wait for his own inbox.
 * @returns when each text was answered
 */
async function send(base: string, { streams, messages, perS }: { streams: number; messages: number; perS: number }) {
  const sentAt = new Map<string, number>();
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const post = async (n: number, path: string, body: unknown) => {
    const as = { ...headers, 'x-acting-user': `sender-${n % senders}` };
    const answer = await fetch(base + path, { method: 'POST', headers: as, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { id: string };
  };
  const step = Math.max(1, Math.floor(streams / messages));
  const threads: string[] = [];
  for (let n = 0; n < messages; n += 1)
    threads.push((await post(n, '/v1/threads', { memberIds: [user((n * step) % streams)] })).id);
  const startedAt = performance.now();
  await Promise.all(
    threads.map(async (thread, n) => {
      await new Promise((resolve) => setTimeout(resolve, startedAt + (n * 1_000) / perS - performance.now()));
      const text = `message ${n}`;
      await post(n, `/v1/threads/${thread}/messages`, { text, clientMessageId: text });
      sentAt.set(text, performance.now());
    }),
  );
  return sentAt;
}

/** What the process has in memory, KiB; of Linux. */
function residentKib({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
}

/** The last of readings a second apart that no longer differ by more than a hundredth. */
async function settled(read: () => number): Promise<number> {
  for (let last = read(); ; ) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const now = read();
    if (Math.abs(now - last) < last / 100) return now;
    last = now;
  }
}
