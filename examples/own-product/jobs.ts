/** The job types of this product, one on each lane, and their handlers. */
import { defineJob, type HandlersOf, type PlatformServices, platformHandlers, platformJobs } from 'twolane';
import { z } from 'zod';

/** Somebody signed up a moment ago and looks at the screen: real time. */
export const welcomeUser = defineJob({
  type: 'welcome-user',
  lane: 'realtime',
  queue: 'mail',
  description: 'Writes the first letter to somebody who has signed up.',
  payload: z.object({ userId: z.string(), name: z.string() }),
  owner: ({ userId }) => userId,
});

/** Takes its time and its memory, so it runs in a process of its own: bulk. */
export const printAlbum = defineJob({
  type: 'print-album',
  lane: 'bulk',
  queue: 'albums',
  description: 'Puts the photos of a user together.',
  payload: z.object({ userId: z.string(), photos: z.array(z.string()).max(500) }),
  result: z.object({ pages: z.number() }),
  isolated: { memoryMb: 512 },
});

/** Those of the platform process photos and videos, and steer many jobs at once. */
export const catalog = {
  ...platformJobs,
  'welcome-user': welcomeUser,
  'print-album': printAlbum,
};

export function handlers(services: PlatformServices): HandlersOf<typeof catalog> {
  return {
    ...platformHandlers(services),
    // The letter and the job's success commit together: it is written exactly once.
    'welcome-user': async ({ userId, name }, context) => {
      await context.settle(async (tx) => {
        await tx.query('insert into letters (user_id, text) values ($1, $2)', [userId, `Welcome, ${name}!`]);
      });
    },
    'print-album': async ({ photos }, context) => {
      for (const [index] of photos.entries()) {
        context.signal.throwIfAborted();
        context.progress(((index + 1) / photos.length) * 100);
      }
      context.log('Printed', { process: process.pid });
      return { pages: Math.ceil(photos.length / 4) };
    },
  };
}
