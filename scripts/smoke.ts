/** Starts Twolane as a newcomer would, makes requests, sends the signal of Ctrl-C and checks that no process is left. Linux. */
import { strict as assert } from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { keptCredentials } from './run/credentials.ts';
import { repository, stackFolder } from './run/folder.ts';
import { freePort } from './stack/ports.ts';
import { startOf } from './stack/processes.ts';
import { untilAnswer } from './stack/wait.ts';

const port = await freePort();
const page = `http://127.0.0.1:${port}`;

/** In a process group of its own, as a terminal would have it. */
function npmStart(): ChildProcess {
  const env = { ...process.env, PORT: String(port) };
  return spawn('npm', ['start'], { cwd: repository, env, stdio: 'inherit', detached: true });
}

async function statusOf(path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(page + path, { headers, signal: AbortSignal.timeout(5_000) });
  await response.body?.cancel();
  return response.status;
}

async function checkAnswers(): Promise<void> {
  const key = process.env.TWOLANE_API_KEY || keptCredentials(stackFolder).apiKey;
  const authorization = `Bearer ${key}`;
  assert.equal(await statusOf('/v1/job-types', { authorization }), 200, 'GET /v1/job-types with the key');
  assert.equal(await statusOf('/v1/jobs', { authorization }), 200, 'GET /v1/jobs with the key');
  assert.equal(await statusOf('/v1/jobs'), 401, 'GET /v1/jobs without a key');
  assert.equal(await statusOf('/'), 200, 'GET /');
}

/** A process and all that it has started, each with the moment of its start, which tells it from a later one. */
function family(pid: number, parents = parentsOfAll()): { pid: number; started: string | undefined }[] {
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return [{ pid, started: startOf(pid) }, ...children.flatMap((child) => family(child, parents))];
}

function parentsOfAll(): Map<number, number> {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [Number(pid), parentOf(pid)]));
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0; // it has ended meanwhile
  }
}

async function ctrlC(npm: ChildProcess): Promise<void> {
  const all = family(npm.pid ?? 0);
  assert.ok(all.length >= 5, `too few processes for a whole stack: ${all.length}`);
  const exit = once(npm, 'exit') as Promise<[number | null, string | null]>;
  process.kill(-(npm.pid ?? 0), 'SIGINT');
  const [code, signal] = await exit;
  assert.equal(signal ?? code, 0, 'npm start ends with 0 after Ctrl-C');
  const left = () => all.filter(({ pid, started }) => started !== undefined && startOf(pid) === started);
  const nobody = async () => assert.deepEqual(left(), [], 'processes that outlived npm start');
  await untilAnswer(nobody, { timeoutMs: 5_000 });
}

const npm = npmStart();
try {
  const readiness = async () => assert.equal(await statusOf('/readyz'), 200, 'GET /readyz');
  const hopeless = () => (npm.exitCode === null ? undefined : 'npm start ended by itself');
  await untilAnswer(readiness, { timeoutMs: 120_000, everyMs: 200, hopeless });
  await checkAnswers();
  await ctrlC(npm);
  console.log('npm start came up, answered and left nothing behind.');
} finally {
  if (npm.exitCode === null) process.kill(-(npm.pid ?? 0), 'SIGINT');
}
