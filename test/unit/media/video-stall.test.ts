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
async function watched(program: string, forMs: number, onTick?: (watch: { heard(): void }) => void, ms = limitMs) {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((said) => child.stdout.once('data', said));
  const watch = stallWatch(child.pid, ms, () => undefined);
  const end = performance.now() + forMs;
  while (!watch.fired() && performance.now() < end) {
    await sleep(20);
    onTick?.(watch);
  }
  watch.stop();
  child.kill('SIGKILL');
  return watch.fired();
}

/** Of processor time: on a busy machine a stretch of the clock may hold next to none. */
const busyFor = (ms: number, everyMs: number) => `
  console.log(1);
  const used = (since) => { const { user, system } = process.cpuUsage(since); return (user + system) / 1_000; };
  setInterval(() => { const begun = process.cpuUsage(); while (used(begun) < ${ms}); }, ${everyMs});
`;
const asleep = 'console.log(1); setInterval(() => {}, 60_000)';

describe.skipIf(process.platform !== 'linux')('A program without a word', () => {
  it('is stuck when it sleeps, and not while it is heard', async () => {
    expect(await watched(asleep, 20 * limitMs)).toBe(true);
    expect(await watched(asleep, 3 * limitMs, (watch) => watch.heard())).toBe(false);
  });

  it('is not stuck while it works, however little processor it gets', async () => {
    // Beginning takes some as well: altogether it stays far below the limit.
    expect(await watched(busyFor(10, 80), 1_400, undefined, 600)).toBe(false);
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
