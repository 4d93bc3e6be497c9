/** What an owner does with pictures over the API: describes them, finds their like, asks for more renditions of them. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diskStore } from '../../../src/files/disk-store.ts';
import { mediaStore } from '../../../src/media/index.ts';
import type { MediaRow } from '../../../src/media/store.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { colourAt, distance, tagsOf } from '../../support/pictures.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let bob: ReturnType<typeof mediaClient>;
let scratch = '';

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'twolane-pictures-'));
  app = await startTestApp({ settings: { TWOLANE_AVIF: 'true' } });
  ada = mediaClient(app, 'ada');
  bob = mediaClient(app, 'bob');
});
afterAll(async () => {
  await app?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const patch = (who: typeof ada, id: string, body: object) =>
  who.request(`/v1/media/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);

/** A scene that another seed makes another one: coloured discs on a slope of light. */
function scene(seed: number, side = 240): Promise<Buffer> {
  const discs = Array.from({ length: 14 }, (_, n) => {
    const at = (k: number) => Math.abs(Math.sin(seed * 12.9898 + n * 78.233 + k * 37.719) * 43_758.5453) % 1;
    const fill = `rgb(${at(4) * 255},${at(5) * 255},${at(6) * 255})`;
    return `<circle cx="${at(1) * side}" cy="${at(2) * side}" r="${(0.05 + at(3) * 0.2) * side}" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}"><rect width="100%" height="100%" fill="#678"/>${discs.join('')}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

describe('A picture', { timeout: 90_000 }, () => {
  it('is described by its owner, and by nobody else', async () => {
    const { id } = await ada.uploadAndWait(blob(await scene(1)));
    expect(await ada.view(id)).toMatchObject({ altText: null });
    const described = await patch(ada, id, { altText: 'Discs in many colours' });
    expect([described.status, (await bodyOf(described)).altText]).toEqual([200, 'Discs in many colours']);
    expect((await patch(bob, id, { altText: 'mine' })).status).toBe(404);
    expect((await patch(ada, id, { altText: 'x'.repeat(1_501) })).status).toBe(422);
    expect((await patch(ada, id, {})).status).toBe(422);
    expect(await ada.view(id)).toMatchObject({ altText: 'Discs in many colours' });
    expect(await bodyOf(await patch(ada, id, { altText: null }))).toMatchObject({ altText: null });
  });

  it('tells its dominant colour', async () => {
    const field = sharp({ create: { width: 90, height: 60, channels: 3, background: '#2060a0' } });
    const spot = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    const { id } = await ada.uploadAndWait(
      blob(
        await field
          .composite([{ input: spot, left: 5, top: 5 }])
          .png()
          .toBuffer(),
      ),
    );
    const { dominantColour, perceptualHash } = await ada.view(id);
    expect(dominantColour).toMatch(/^#[12][0-9a-f][56][0-9a-f][9a][0-9a-f]$/);
    expect(perceptualHash).toBeNull();
  });

  it('is found by its like: other sizes, formats and qualities, not other pictures, and not those of others', async () => {
    const first = await scene(7);
    const like = [
      await sharp(first).resize(170).jpeg({ quality: 40 }).toBuffer(),
      await sharp(first).modulate({ brightness: 1.1 }).webp({ quality: 60 }).toBuffer(),
    ];
    const carl = mediaClient(app, 'carl');
    const { id } = await carl.uploadAndWait(blob(first));
    const near = [];
    for (const bytes of like) near.push((await carl.uploadAndWait(blob(bytes))).id);
    for (const seed of [8, 9, 10]) await carl.uploadAndWait(blob(await scene(seed)));
    await bob.uploadAndWait(blob(first));

    const similar = async (query = '') => (await bodyOf(await carl.request(`/v1/media/${id}/similar${query}`))).items;
    const found: { distance: number; media: { id: string; ownerId: string } }[] = await similar();
    expect(found.map(({ media }) => media.id).sort()).toEqual(near.toSorted());
    expect(found.every(({ distance }) => distance <= 31)).toBe(true);
    expect(found[0]?.distance).toBeLessThanOrEqual(found[1]?.distance ?? 0);
    expect(await similar('?limit=1')).toHaveLength(1);
    expect((await bob.request(`/v1/media/${id}/similar`)).status).toBe(404);
    expect((await carl.request(`/v1/media/${id}/similar?maxDistance=32`)).status).toBe(422);

    // Removed ones are not found, and their parts leave the index with them.
    const parts = async () =>
      (
        await app.twolane.database.query(
          "select count(*)::int as n from twolane.media_hash_parts where owner_id = 'carl'",
        )
      ).rows;
    expect(await parts()).toEqual([{ n: 6 * 16 }]);
    await carl.request(`/v1/media/${near[0]}`, { method: 'DELETE' });
    expect((await similar()).map(({ media }: { media: { id: string } }) => media.id)).toEqual([near[1]]);
    expect(await parts()).toEqual([{ n: 5 * 16 }]);
  });

  it('is found without reading those that are unlike it, however many there are', async () => {
    const { database } = app.twolane;
    await database.query(
      `insert into twolane.media (id, owner_id, job_id, state, kind, perceptual_hash)
       select 1000 + n, 'dora', 1, 'ready', 'image',
         ('x' || md5(n || 'a') || md5(n || 'b'))::bit(256) from generate_series(1, 3000) n`,
    );
    await database.query('analyze twolane.media_hash_parts');
    const dora = mediaClient(app, 'dora');
    await database.query(
      "update twolane.media set perceptual_hash = (select perceptual_hash from twolane.media where id = 1001) # (B'1'::bit(1) || repeat('0', 254)::varbit || B'1')::bit(256) where id = 2000",
    );
    const { items } = await bodyOf(await dora.request('/v1/media/1001/similar'));
    expect(items).toMatchObject([{ distance: 2, media: { id: '2000' } }]);
  });
});

describe('More renditions', { timeout: 90_000 }, () => {
  const ask = (who: typeof ada, id: string, body: object) =>
    who.request(`/v1/media/${id}/renditions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const names = async (id: string) => (await ada.view(id)).renditions.map(({ name }) => name);
  const untilMade = (id: string, part: string) =>
    until(part, async () => (await names(id)).some((name) => name.includes(part)), { timeoutMs: 60_000 });

  it('come as AVIF by themselves after the photo is ready, and in other looks when asked for', async () => {
    const { id, renditions } = await ada.uploadAndWait(blob(await scene(21, 360)));
    const first = renditions.map(({ name }) => name);
    expect(first).toEqual(
      expect.arrayContaining(['360.webp', '320.jpg', '150.webp', 'square-320.webp', 'square-150.jpg']),
    );
    await untilMade(id, '.avif');
    const asked = await ask(ada, id, { filters: ['noir', 'amber'] });
    const { jobId } = await bodyOf(asked);
    expect(asked.status).toBe(202);
    expect(await bodyOf(await ask(ada, id, { filters: ['amber', 'noir'] }))).toEqual({ jobId });
    await untilMade(id, 'noir-');

    const now = (await ada.view(id)).renditions;
    // What was visible is where it was; what came is there as a whole.
    expect(now.slice(0, renditions.length)).toEqual(renditions);
    const added = now.slice(renditions.length);
    expect(added.map(({ name }) => name).sort()).toEqual(
      [360, 320, 150]
        .flatMap((width) => [
          `${width}.avif`,
          ...['amber', 'noir'].flatMap((look) => [`${look}-${width}.webp`, `${look}-${width}.jpg`]),
        ])
        .sort(),
    );
    for (const each of added) {
      const bytes = Buffer.from(await (await fetch(app.url + each.url)).arrayBuffer());
      expect(bytes.length, each.name).toBe(each.bytes);
      const found = await sharp(bytes).metadata();
      expect(found).toMatchObject({ width: each.width, height: each.height });
      expect(found.format).toBe(each.format === 'avif' ? 'heif' : each.format);
    }
    const noir = added.find(({ name }) => name === 'noir-360.jpg');
    expect(noir?.filter).toBe('noir');
    const { channels } = await sharp(Buffer.from(await (await fetch(app.url + noir?.url)).arrayBuffer())).stats();
    const [red, green, blue] = channels.map(({ mean }) => mean);
    expect(Math.max(Math.abs((red ?? 0) - (green ?? 0)), Math.abs((green ?? 0) - (blue ?? 0)))).toBeLessThan(1.5);

    const files = async () => (await readdir(join(app.config.TWOLANE_FILES_DIR, 'media', id)).catch(() => [])).length;
    expect(await files()).toBe(3);
    await ada.request(`/v1/media/${id}`, { method: 'DELETE' });
    expect(await files()).toBe(0);
    expect((await fetch(app.url + noir?.url)).status).toBe(404);
  });

  it('are refused with a reason, and not for strangers', async () => {
    const { id } = await ada.uploadAndWait(blob(await scene(22, 60)));
    expect((await ask(bob, id, { avif: true })).status).toBe(404);
    expect((await ask(ada, id, {})).status).toBe(422);
    expect((await ask(ada, id, { filters: ['sunset'] })).status).toBe(422);
    const broken = await ada.uploadAndWait(
      blob(
        (
          await sharp(await scene(23))
            .jpeg()
            .toBuffer()
        ).subarray(0, 4_000),
      ),
    );
    expect(broken.state).toBe('failed');
    const refused = await ask(ada, broken.id, { avif: true });
    expect([refused.status, (await bodyOf(refused)).code]).toEqual([409, 'not_ready']);
  });
});

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

describe('An animation', { timeout: 90_000 }, () => {
  const exec = promisify(execFile);
  const moving = async (delay: number[]) => {
    const frames = delay.map(async (_, at) =>
      sharp(await scene(40 + at, 91)).extend({ bottom: 10, background: '#0000' }),
    );
    const pictures = await Promise.all(frames.map(async (each) => (await each).png().toBuffer()));
    return sharp(pictures, { join: { animated: true } }).withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>');
  };
  const kept = async ({ name, url }: { name: string; url: string }) => {
    const path = join(scratch, name);
    await writeFile(path, Buffer.from(await (await fetch(app.url + url)).arrayBuffer()));
    return path;
  };

  it('that is long is there as MP4 as well: all frames with their times, upright, on white, and nothing else', async () => {
    const delay = [3_000, 40, 1_500, 2_000];
    const long = await ada.uploadAndWait(blob(await (await moving(delay)).gif({ delay }).toBuffer()));
    const films = long.renditions.filter(({ format }) => format === 'mp4');
    expect(films).toMatchObject([{ name: 'animated-90.mp4', width: 90, height: 100, frames: 4 }]);
    const path = await kept(films[0] as (typeof films)[0]);
    const { stdout } = await exec('mediainfo', ['--Output=JSON', path]);
    const [general, video, ...others] = JSON.parse(stdout).media.track;
    expect(others).toEqual([]);
    expect(general).toMatchObject({ Format: 'MPEG-4', Duration: '6.540' });
    expect(video).toMatchObject({ Format: 'AVC', Width: '90', Height: '100', FrameCount: '4', Rotation: '0.000' });
    expect(video).toMatchObject({ colour_primaries: 'BT.709', colour_range: 'Limited', ChromaSubsampling: '4:2:0' });
    const groups = (await tagsOf(path)).map((name) => name.split(':')[0]);
    expect(groups.filter((name) => /GPS|XMP|EXIF|IFD|UserData|Keys/.test(name ?? ''))).toEqual([]);
    const at = async (time: number, x: number, y: number) => {
      await exec('ffmpeg', ['-y', '-v', 'error', '-ss', String(time), '-i', path, '-frames:v', '1', `${path}.png`]);
      return colourAt(`${path}.png`, x, y);
    };
    expect(distance(await at(1, 0.5, 0.97), [255, 255, 255])).toBeLessThan(12);
    // The first frame from then on is the third.
    const third = await colourAt(await keptBytes('third.png', await scene(42, 91)), 0.5, 0.5);
    expect(distance(await at(3.03, 0.5, 0.455), third)).toBeLessThan(40);
  });

  it('that is short stays what it is', async () => {
    const delay = [100, 100];
    const short = await ada.uploadAndWait(blob(await (await moving(delay)).webp({ delay }).toBuffer()));
    expect(short.renditions.map(({ name }) => name)).toEqual(expect.arrayContaining(['animated-91.webp']));
    expect(short.renditions.filter(({ format }) => format === 'mp4')).toEqual([]);
    const moves = short.renditions.find(({ frames }) => frames === 2);
    expect(
      (await tagsOf(await kept(moves as NonNullable<typeof moves>))).filter((each) => !/^RIFF:/.test(each)),
    ).toEqual([]);
  });

  async function keptBytes(name: string, bytes: Buffer): Promise<string> {
    await writeFile(join(scratch, name), bytes);
    return join(scratch, name);
  }
});
