/** What makes no progress is killed; what gets no processor, or works without a word, is not. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { runFfprobe } from '../../../src/media/video/run.ts';
import { stallWatch } from '../../../src/media/video/stall.ts';

const limitMs = 200;

/** Watches a program of our own for a while; resolves with whether it was taken for one that is stuck. */
async function watched(program: string, forMs: number, onTick?: (watch: { heard(): void }) => void) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((said) => child.stdout.once('data', said));
  const watch = stallWatch(child.pid, limitMs, () => undefined);
  const end = performance.now() + forMs;
  while (!watch.fired() && performance.now() < end) {
    await sleep(20);
    onTick?.(watch);
  }
  watch.stop();
  child.kill('SIGKILL');
  return watch.fired();
}

const busyFor = (ms: number, everyMs: number) =>
  `console.log(1); setInterval(() => { const end = performance.now() + ${ms}; while (performance.now() < end); }, ${everyMs})`;
const asleep = 'console.log(1); setInterval(() => {}, 60_000)';

describe.skipIf(process.platform !== 'linux')('A program without a word', () => {
  it('is stuck when it sleeps, and not while it is heard', async () => {
    expect(await watched(asleep, 20 * limitMs)).toBe(true);
    expect(await watched(asleep, 3 * limitMs, (watch) => watch.heard())).toBe(false);
  });

  it('is not stuck while it works, however little processor it gets', async () => {
    expect(await watched(busyFor(8, 80), 3 * limitMs)).toBe(false);
  });

  it('is stuck when it has worked for as long as it may be silent', async () => {
    expect(await watched(busyFor(1_000, 0), 50 * limitMs)).toBe(true);
  });

  it('ends its run with a code', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'twolane-stall-'));
    await promisify(execFile)('mkfifo', [join(folder, 'nobody-writes')]);
    const run = runFfprobe(['-v', 'error', `file:${join(folder, 'nobody-writes')}`], {
      cwd: folder,
      signal: new AbortController().signal,
      silenceMs: limitMs,
    });
    await expect(run).rejects.toMatchObject({ code: 'video_stalled' });
    await rm(folder, { recursive: true });
  });
});
