/** How long `GET /v1/feed` takes over HTTP at a steady rate, for readers whose feeds hold 800 posts. */
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { feedCap } from '../../src/contract/feed-store.ts';
import { atRate } from '../at-rate.ts';
import { apiKey } from '../fleet.ts';
import { type Installation, startInstallation } from './installation.ts';

const readers = 300;
const authors = 100;

/**
 * Reads the first page of 50 posts, each with a photo in five renditions.
 * @returns milliseconds per read, but those of the first three seconds.
 */
export async function feedReadTimes(perS: number, seconds: number): Promise<number[]> {
  const installation = await startInstallation();
  const server = createServer(express().use(installation.twolane.api()));
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  try {
    await addWorld(installation);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const read = (n: number) => readFeed(agent, port, `reader${n % readers}`);
    // The first read of each rebuilds the feed.
    for (let n = 0; n < readers; n += 1) await read(n);
    const times: number[] = [];
    const warmUp = perS * 3;
    await atRate(perS, warmUp + perS * seconds, async (n) => {
      const startedAt = performance.now();
      await read(n);
      if (n >= warmUp) times.push(performance.now() - startedAt);
    });
    return times;
  } finally {
    agent.destroy();
    server.closeAllConnections();
    server.close();
    await installation.close();
  }
}

async function addWorld({ twolane: { database } }: Installation): Promise<void> {
  await database.query(
    `insert into twolane_social.follows (follower_id, followee_id)
     select 'reader' || r, 'author' || a from generate_series(0, ${readers - 1}) r, generate_series(0, ${authors - 1}) a`,
  );
  const renditions = [2048, 1080, 640, 320, 150].map((width) => {
    return { name: `${width}.webp`, format: 'webp', width, height: width, bytes: width * 100 };
  });
  await database.query(
    `insert into twolane.media (id, owner_id, kind, state, job_id, content_type, bytes, width, height, prefix, renditions)
     select n, 'author', 'image', 'ready', n, 'image/jpeg', 4000000, 4000, 3000, 'media/' || n, $1
     from generate_series(1, ${2 * feedCap}) n`,
    [JSON.stringify(renditions)],
  );
  await database.query(
    `insert into twolane_social.posts (id, author_id, caption, noun, job_id, state)
     select n, 'author' || n % ${authors}, 'A day at the sea with everybody #sea', 'photo', 1, 'published'
     from generate_series(1, ${2 * feedCap}) n`,
  );
  await database.query(
    `insert into twolane_social.post_media (post_id, position, media_id) select n, 1, n from generate_series(1, ${2 * feedCap}) n`,
  );
  await database.query('analyze');
}

/** @throws Error unless 50 posts come back. */
async function readFeed(agent: Agent, port: number, userId: string): Promise<void> {
  const headers = { authorization: `Bearer ${apiKey}`, 'x-acting-user': userId };
  const request = get({ agent, port, host: '127.0.0.1', path: '/v1/feed', headers });
  const [response] = await once(request, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const { items } = JSON.parse(Buffer.concat(chunks).toString());
  if (items?.length !== 50) throw new Error(`The feed was answered with ${response.statusCode}`);
}
