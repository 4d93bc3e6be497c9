/** The product keeps the bytes of photos itself, and has Twolane make what the screen needs of them. */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pool } from './database.ts';
import { settings } from './settings.ts';

/** Where the bytes of a photo lie. */
export const fileOf = (id: string): string => resolve(settings.photosFolder, id);

export async function keepPhoto(userId: string, bytes: Readable): Promise<{ id: string; mediaId: string }> {
  const id = randomUUID();
  await mkdir(settings.photosFolder, { recursive: true });
  await pipeline(bytes, createWriteStream(fileOf(id)));
  await pool.query('insert into photos (id, user_id) values ($1, $2)', [id, userId]);
  const mediaId = await handOver(userId, id);
  await pool.query('update photos set media_id = $2 where id = $1', [id, mediaId]);
  return { id, mediaId };
}

/**
 * Tells Twolane where the bytes are; a job of its own fetches them. The photo's own id makes a second hand-over answer what
 * the first one did.
 */
async function handOver(ownerId: string, id: string): Promise<string> {
  const answer = await fetch(`${settings.origin}/background/v1/media`, {
    method: 'POST',
    headers: { ...headersFor(ownerId), 'content-type': 'application/json', 'idempotency-key': id },
    body: JSON.stringify({ source: { url: `${settings.origin}/originals/${id}` }, ownerId, metadata: { photo: id } }),
  });
  if (!answer.ok) throw new Error(`The photo was not taken: ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Its state, which a webhook keeps up to date, and when it is ready what Twolane has made of it: a URL per width. */
export async function photoOf(userId: string, id: string): Promise<object | undefined> {
  const sql = 'select state, media_id from photos where id = $1 and user_id = $2';
  const { rows } = await pool.query<{ state: string; media_id: string }>(sql, [id, userId]);
  const [photo] = rows;
  if (photo?.state !== 'ready') return photo && { state: photo.state };
  const answer = await fetch(`${settings.origin}/background/v1/media/${photo.media_id}`, {
    headers: headersFor(userId),
  });
  return { state: 'ready', renditions: ((await answer.json()) as { renditions: unknown[] }).renditions };
}

function headersFor(userId: string): Record<string, string> {
  return { authorization: `Bearer ${settings.apiKey}`, 'x-acting-user': userId };
}
