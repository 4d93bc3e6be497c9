/**
 * Damaged photos and videos through the whole of it: 200 here, 2,000 by `npm run test:fuzz:media`. Each ends as ready or as failed with
 * a code of the list that blames the file; nothing else happens. TWOLANE_FUZZ_SEED repeats a run, TWOLANE_FUZZ_FILES makes it smaller.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mediaCodes } from '../../../src/media/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { type Mutant, mutants, seedFiles } from '../../support/mutants.ts';
import { until } from '../../support/stack.ts';

const count = Number(process.env.TWOLANE_FUZZ_FILES ?? 200);
const seed = Number(process.env.TWOLANE_FUZZ_SEED ?? Date.now() % 2 ** 31);
const isLong = count > 200;
const atOnce = 8;

/** Whatever the file, these would be a fault of ours. */
const ours = new Set([
  ...['unexpected_output', 'processing_failed', 'ffmpeg_failed', 'video_stalled', 'image_failed'],
  ...['crash_loop', 'timed_out', 'file_missing', 'disk_full', 'cancelled'],
]);

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let files: Mutant[];
const unhandled: unknown[] = [];
const note = (error: unknown) => unhandled.push(error);

beforeAll(async () => {
  process.on('unhandledRejection', note);
  app = await startTestApp({ settings: { TWOLANE_PRODUCT: 'none' } });
  ada = mediaClient(app, 'ada');
  files = mutants(await seedFiles(), { seed, count, videoShare: isLong ? 0.15 : 0.04 });
  console.info(`${count} damaged files, seed ${seed}`);
});
afterAll(async () => {
  await app?.stop();
  process.off('unhandledRejection', note);
});

/** The programs that descend from this process, by name. */
function programs(): string[] {
  const all = readdirSync('/proc').flatMap((pid) => {
    try {
      const [, name = '', state = '', parent = ''] =
        /^\d+ \((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return state === 'Z' || name === '' ? [] : [{ pid: Number(pid), parent: Number(parent), name }];
    } catch {
      return [];
    }
  });
  const below = (pid: number): string[] =>
    all.filter(({ parent }) => parent === pid).flatMap((child) => [child.name, ...below(child.pid)]);
  return below(process.pid);
}

interface Ended {
  id: string;
  state: string;
  code: string | null;
}

describe('Damaged files', { timeout: 120_000 + count * 2_000, retry: 0, tags: ['security'] }, () => {
  /** By id of the media. */
  const names = new Map<string, string>();
  const refused: string[] = [];

  it('each get an answer', async () => {
    const waiting = [...files];
    const strange: string[] = [];
    const send = async () => {
      for (let file = waiting.pop(); file; file = waiting.pop()) {
        const answer = await ada.upload(new Blob([new Uint8Array(file.bytes)]));
        const body = await bodyOf(answer);
        if (answer.status === 202) names.set(body.id, file.name);
        else if ([415, 422].includes(answer.status) && body.code in mediaCodes) refused.push(body.code);
        else strange.push(`${file.name}: ${answer.status} ${body.code}`);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, send));
    expect(strange, `seed ${seed}`).toEqual([]);
    expect(names.size).toBeGreaterThan(count / 3);
  });

  it('end as ready, or as failed with a code of the list that blames the file', async () => {
    const over = async () => {
      const { rows } = await app.twolane.database.query<Ended>(
        `select id::text, state, error ->> 'code' as code from twolane.media`,
      );
      return rows.every(({ state }) => state !== 'processing') ? rows : undefined;
    };
    const rows = await until('the end of all', over, { timeoutMs: 100_000 + count * 1_500, everyMs: 250 });
    const tally: Record<string, number> = {};
    for (const code of [...refused.map((each) => `refused: ${each}`), ...rows.map(({ code }) => code ?? 'ready')])
      tally[code] = (tally[code] ?? 0) + 1;
    if (isLong) console.table(tally);
    const wrong = rows.filter(({ code }) => code !== null && (!(code in mediaCodes) || ours.has(code)));
    expect(
      wrong.map(({ id, code }) => `${names.get(id)}: ${code}`),
      `seed ${seed}`,
    ).toEqual([]);
    expect(tally.ready ?? 0).toBeGreaterThan(0);
    expect(tally.invalid_image ?? 0).toBeGreaterThan(0);
  });

  it('leave no process but those of the pool, and no memory with this one', async () => {
    await until('the end of all programs', () => !programs().some((name) => /^(ffmpeg|ffprobe|vips)$/.test(name)));
    expect(unhandled).toEqual([]);
    // What it had at the start of a run of all tests is not known; what a single file could cost without a bound is.
    expect(process.memoryUsage().rss).toBeLessThan(1.5 * 1024 ** 3);
    const job = await app.twolane.operations.conservation();
    expect(job.unaccounted).toBe(0);
  });

  it('leave no file behind', async () => {
    const list = async () =>
      (await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true, withFileTypes: true })).filter((each) =>
        each.isFile(),
      );
    const ready = await app.twolane.database.query<{ n: number }>(
      `select count(*)::int as n from twolane.media where state = 'ready'`,
    );
    const folders = await readdir(`${app.config.TWOLANE_FILES_DIR}/media`).catch(() => []);
    const full = await Promise.all(
      folders.map(async (id) => (await readdir(`${app.config.TWOLANE_FILES_DIR}/media/${id}`)).length),
    );
    expect(full.reduce((sum, each) => sum + each, 0)).toBe(ready.rows[0]?.n);
    const ids = [...names.keys()];
    const remove = async () => {
      for (let id = ids.pop(); id; id = ids.pop()) await ada.request(`/v1/media/${id}`, { method: 'DELETE' });
    };
    await Promise.all(Array.from({ length: atOnce }, remove));
    expect((await list()).map((each) => each.name)).toEqual([]);
  });
});
