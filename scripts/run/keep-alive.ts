/** Brings a private server back that ended by itself, and gives up when it keeps dying. */
import type { StackServer } from '../stack/server.ts';
import { messageOf } from '../stack/wait.ts';

/** More deaths than this within a minute are no accident. */
const deathsPerMinute = 5;

/** @param giveUp called with the reason when the server can't be brought back */
export function keepAlive(server: StackServer, giveUp: (why: string) => void): void {
  const deaths: number[] = [];
  server.onDeath((how) => {
    const now = Date.now();
    deaths.push(now);
    if (deaths.filter((at) => now - at < 60_000).length > deathsPerMinute) {
      return giveUp(`${server.title} keeps ending (${how})`);
    }
    console.error(`${server.title} ended unexpectedly (${how}); starting it again.`);
    server.start().then(
      () => console.error(`${server.title} is back after ${((Date.now() - now) / 1000).toFixed(1)} s.`),
      (error) => giveUp(messageOf(error)),
    );
  });
}
