/** What an owner does with pictures over the API: describes them, finds their like, asks for more renditions of them. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { scene } from '../../support/pictures.ts';
import { until } from '../../support/stack.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
let bob: ReturnType<typeof mediaClient>;

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_AVIF: 'true' } });
  ada = mediaClient(app, 'ada');
  bob = mediaClient(app, 'bob');
});
afterAll(() => app?.stop());

const patch = (who: typeof ada, id: string, body: object) =>
  who.request(`/v1/media/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const blob = (bytes: Buffer) => new Blob([new Uint8Array(bytes)]);

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
