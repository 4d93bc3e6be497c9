/** How long a direct message takes from the answer to its sender until it is on the recipient's stream, at a steady rate. */
import { silentLogger } from '../../src/contract/index.ts';
import { directServices } from '../../src/social/direct/index.ts';
import { FollowStore } from '../../src/social/stores/follows.ts';
import { UserStore } from '../../src/social/stores/users.ts';
import { atRate } from '../at-rate.ts';
import { startInstallation } from './installation.ts';

const threads = 200;

/**
 * Sends `perS` messages a second into 200 threads whose recipients all hold a stream.
 * @returns milliseconds from persisted to pushed, one per message but those of the first three seconds.
 */
export async function directMessageWaits(perS: number, seconds: number): Promise<number[]> {
  const { config, twolane, redis, close } = await startInstallation();
  const db = twolane.database.databaseFor;
  const follows = new FollowStore(db, new UserStore(db));
  const parts = { enqueuer: twolane, followUps: twolane, logger: silentLogger };
  const direct = directServices({ db, redis, prefix: config.TWOLANE_PREFIX, follows, ...parts });
  const persisted = new Map<string, number>();
  const pushed = new Map<string, number>();
  const open = await Promise.all(
    Array.from({ length: threads }, async (_, n) => {
      await direct.streams.watch(`to-${n}`, undefined, ({ event, data }) => {
        if (event === 'message') pushed.set((data as { text: string }).text, performance.now());
      });
      return direct.sending.open(`from-${n}`, [`to-${n}`]);
    }),
  );
  const send = async (n: number) => {
    const text = `message ${n}`;
    const message = { senderId: `from-${n % threads}`, text, clientMessageId: text, traceparent: undefined };
    await direct.sending.send({ threadId: open[n % threads] as string, ...message });
    persisted.set(text, performance.now());
  };
  const warmUp = perS * 3;
  await atRate(perS, warmUp + perS * seconds, send);
  while (pushed.size < persisted.size) await new Promise((resolve) => setTimeout(resolve, 20));
  await direct.close();
  await close();
  return [...persisted].slice(warmUp).map(([text, at]) => Math.max(0, (pushed.get(text) as number) - at));
}
