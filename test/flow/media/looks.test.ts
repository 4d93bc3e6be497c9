/** Looks that are asked for with an upload: they come with it, and to each media of the same bytes its own. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/files/disk-store.ts';
import { mediaStore } from '../../../src/media/index.ts';
import type { MediaRow } from '../../../src/media/store.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { scene } from '../../support/pictures.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_AVIF: 'true' } });
  ada = mediaClient(app, 'ada');
});
afterAll(() => app?.stop());

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);

describe('Looks and words that come with an upload', { timeout: 90_000 }, () => {
  const names = async (id: string) => (await ada.view(id)).renditions.map(({ name }) => name);
  const looks = async (id: string) => {
    const found = (await ada.view(id)).renditions.flatMap(({ filter, format }) =>
      filter ? `${filter} ${format}` : [],
    );
    return [...new Set(found)].sort();
  };
  const ready = (id: string) =>
    until('ready', async () => (await ada.view(id)).state === 'ready', { timeoutMs: 60_000 });
  const everyFile = async () => {
    const entries = await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && !entry.parentPath.includes('.work')).length;
  };
  const json = (body: object): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const tus = (bytes: Buffer, metadata: Record<string, string>) =>
    ada.request('/v1/uploads/tus', {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': String(bytes.length),
        'content-type': 'application/offset+octet-stream',
        'upload-metadata': Object.entries(metadata)
          .map(([name, value]) => `${name} ${base64(value)}`)
          .join(','),
      },
    });

  it('are there when the photo is ready, whichever way it came', async () => {
    const fields = { altText: 'A field', filters: 'noir, plum' };
    const form = (await bodyOf(await ada.upload(blob(await scene(31, 200)), undefined, fields))).id;
    const pieces = (await tus(await scene(32, 200), fields)).headers.get('twolane-media-id') ?? '';
    const key = `incoming/${pieces}`;
    await diskStore({ folder: app.config.TWOLANE_FILES_DIR }).write(key, Readable.from([await scene(33, 200)]), {
      maxBytes: 1e7,
    });
    const wanted = { source: { key }, ownerId: 'ada', altText: 'A field', filters: ['noir', 'plum'] };
    const dropped = (await bodyOf(await ada.request('/v1/media', json(wanted)))).id;
    for (const id of [form, pieces, dropped]) {
      await ready(id);
      expect(await looks(id)).toEqual(['noir jpeg', 'noir webp', 'plum jpeg', 'plum webp']);
      expect(await ada.view(id)).toMatchObject({ altText: 'A field' });
    }
  });

  it('are refused before a byte is kept when there is no such look, or too many words', async () => {
    const before = await everyFile();
    const rows = 'select (select count(*) from twolane.uploads)::int + (select count(*) from twolane.media)::int as n';
    const counted = (await app.twolane.database.query(rows)).rows;
    const picture = await scene(34, 200);
    const source = { source: { key: 'incoming/x' }, ownerId: 'ada' };
    for (const answer of [
      await ada.upload(blob(picture), undefined, { filters: 'noir,sunset' }),
      await ada.upload(blob(picture), undefined, { filters: '' }),
      await ada.upload(blob(picture), undefined, { altText: 'x'.repeat(1_501) }),
      await tus(picture, { filters: 'sunset' }),
      await tus(picture, { altText: 'x'.repeat(1_501) }),
      await ada.request('/v1/media', json({ ...source, filters: ['sunset'] })),
      await ada.request('/v1/uploads/presigned', json({ bytes: 9, filters: ['sunset'] })),
    ]) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([422, expect.stringMatching('problem')]);
      expect(JSON.stringify(await bodyOf(answer))).toMatch(/filters|altText/);
    }
    expect([await everyFile(), (await app.twolane.database.query(rows)).rows]).toEqual([before, counted]);
  });

  it('are the own ones of a media that shares its bytes, and all bytes go with the last of those', async () => {
    const picture = blob(await scene(35, 200));
    const add = async (fields: object) => (await bodyOf(await ada.upload(picture, undefined, fields))).id as string;
    await app.twolane.operations.pause('bulk/image');
    // Both wait for one job, which knows the looks of the first when it begins.
    const [first, second] = [
      await add({ altText: 'one', filters: 'noir' }),
      await add({ altText: 'two', filters: 'ink' }),
    ];
    await app.twolane.operations.resume('bulk/image');
    const has = async (id: string, ...parts: string[]) => {
      const all = async () => {
        const found = String(await names(id));
        return parts.every((part) => found.includes(part));
      };
      await until(String(parts), all, { timeoutMs: 60_000 });
    };
    await has(second, 'noir-200', 'ink-200', '.avif');
    const third = await add({ altText: 'three', filters: 'plum,ink' });
    await has(third, 'noir-200', 'ink-200', 'plum-200', '.avif');
    const views = await Promise.all([first, second, third].map((id) => ada.view(id)));
    expect(views.map(({ altText }) => altText)).toEqual(['one', 'two', 'three']);
    for (const view of views) expect(view.renditions).toEqual(views[0]?.renditions);
    const urls = views.flatMap(({ renditions }) => renditions.map(({ url }) => app.url + url));

    const { original_key: key } = (await mediaStore(app.twolane.database.databaseFor).find(first)) as MediaRow;
    const original = () => diskStore({ folder: app.config.TWOLANE_FILES_DIR }).open(String(key));
    expect(await original()).toBeDefined();
    // Whoever was first and made the renditions goes first, the one for whom the last ones were made in the middle.
    for (const [at, id] of [first, third, second].entries()) {
      expect((await ada.request(`/v1/media/${id}`, { method: 'DELETE' })).status).toBe(204);
      const answers = await Promise.all([...new Set(urls)].map(async (url) => (await fetch(url)).status));
      expect(new Set(answers)).toEqual(new Set([at < 2 ? 200 : 404]));
    }
    expect(await readdir(join(app.config.TWOLANE_FILES_DIR, 'media', first)).catch(() => [])).toEqual([]);
    expect(await original()).toBeUndefined();
  });

  it('reach a media that joins while they are added, and one whose like was removed meanwhile', async () => {
    const picture = blob(await scene(36, 200));
    const { id } = await ada.uploadAndWait(picture);
    await until('AVIF', async () => (await names(id)).some((name) => name.endsWith('.avif')), { timeoutMs: 60_000 });
    const { database } = app.twolane;
    const store = mediaStore(database.databaseFor);
    const row = await store.find(id);
    const rendition = { name: 'late-9.webp', format: 'webp' as const, width: 9, height: 9, bytes: 9, prefix: 'x' };
    // The join holds the first row and has copied it; the addition begins then, and may not miss the copy.
    let joining: string | undefined;
    let adding: Promise<boolean> | undefined;
    await database.transaction(async (tx) => {
      const other = await store.same(tx, { ownerId: 'ada', tenant: undefined, sha256: row?.sha256 ?? '' });
      joining = await store.nextId(tx, 0);
      await store.insert(tx, { id: joining, ownerId: 'ada', jobId: '0', metadata: undefined });
      await store.join(tx, joining, other ?? '');
      adding = database.transaction((own) => store.addRenditions(own, row as MediaRow, [rendition]));
      const waits = "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update%'";
      await until('its wait', async () => (await database.query(waits)).rows.length > 0);
    });
    expect(await adding).toBe(true);
    expect((await store.find(joining ?? ''))?.renditions.at(-1)).toEqual(rendition);
    expect(await database.transaction((own) => store.addRenditions(own, row as MediaRow, [rendition]))).toBe(false);

    await app.twolane.operations.pause('bulk/image');
    const { jobId } = await bodyOf(await ada.request(`/v1/media/${id}/renditions`, json({ filters: ['frost'] })));
    await ada.request(`/v1/media/${id}`, { method: 'DELETE' });
    await app.twolane.operations.resume('bulk/image');
    await until('its end', async () => (await app.twolane.operations.get(jobId))?.state === 'succeeded');
    expect(await looks(joining ?? '')).toEqual(['frost jpeg', 'frost webp']);
  });
});
