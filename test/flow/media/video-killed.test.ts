/** A worker dies by SIGKILL in the middle of a long video: only what it had in hand is encoded again. */
import { type ChildProcess, execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, launch } from '../../../scripts/stack/launch.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { until } from '../../support/stack.ts';
import { clip, probe } from '../../support/videos.ts';

const exec = promisify(execFile);
let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let scratch = '';
const workers: ChildProcess[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-killed-'));
  app = await startTestApp({ worker: false, settings: { TWOLANE_VIDEO_PIECE_MS: '1' } });
  ada = mediaClient(app, 'ada');
  await clip(join(scratch, 'long.mp4'), { width: 480, height: 400, fps: 30, seconds: 16, sound: false });
}, 120_000);
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await Promise.all(workers.map(ended));
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

function startWorker(): ChildProcess {
  const args = ['--import', 'tsx', 'src/cli/main.ts', 'worker', '--lane', 'bulk', '--queues', 'video,encode'];
  const worker = launch({ program: process.execPath, args, environment: { ...app.environment, HEALTH_PORT: '0' } });
  workers.push(worker);
  return worker;
}

const pieces = async () => {
  const { items } = await app.twolane.operations.list({ type: 'encode-piece' }, { limit: 100 });
  return Promise.all(items.map(({ id }) => app.twolane.operations.get(id)));
};
const done = async () => (await pieces()).flatMap((job) => (job?.state === 'succeeded' ? [job] : []));

/** The ffmpeg processes of this app. */
async function encoders(): Promise<number> {
  const { stdout } = await exec('ps', ['-eo', 'args=']);
  return stdout.split('\n').filter((line) => line.includes(app.config.TWOLANE_FILES_DIR) && line.includes('libx264'))
    .length;
}

describe('A worker that is killed', { timeout: 240_000 }, () => {
  it('loses the pieces in its hands and no others, and leaves no encoder behind', async () => {
    const { id } = await bodyOf(await ada.upload(join(scratch, 'long.mp4')));
    const victim = startWorker();
    const before = await until(
      'pieces that are done, and one at work',
      async () => {
        const now = await done();
        return now.length >= 2 && (await encoders()) > 0 ? now : undefined;
      },
      { timeoutMs: 120_000, everyMs: 20 },
    );
    victim.kill('SIGKILL');
    await until('no encoder', async () => (await encoders()) === 0, { timeoutMs: 5_000, everyMs: 20 });
    startWorker();
    const media = await until(
      'the end',
      async () => {
        const now = await ada.view(id);
        return now.state === 'processing' ? undefined : now;
      },
      { timeoutMs: 120_000, everyMs: 100 },
    );
    expect(media).toMatchObject({ state: 'ready', video: { rungs: [{ name: '240p' }, { name: '400p' }] } });
    const after = await done();
    // Four segments of two stages, each of which came to its end once.
    expect(after).toHaveLength(8);
    const again = after.filter((job) => job.attempts.some(({ outcome }) => outcome === 'crashed'));
    const atOnce = Math.max(1, Math.floor(availableParallelism() / 2));
    expect(again.length).toBeLessThanOrEqual(atOnce);
    const ends = (jobs: typeof after) => new Map(jobs.map((job) => [job.id, job.finishedAt]));
    for (const [piece, at] of ends(before)) expect(ends(after).get(piece)).toEqual(at);
    const packets = await probe(app.url + media.video?.mp4, '-select_streams', 'v', '-show_packets');
    expect(packets).toHaveLength(16 * 30);
  });
});
