/** Brings a private server back that ended by itself, and gives up when it keeps dying. */
import type { StackServer } from '../stack/server.ts';
import { messageOf } from '../stack/wait.ts';
import { deathCount } from './deaths.ts';

/** @param giveUp called with the reason when the server can't be brought back */
export function keepAlive(server: StackServer, giveUp: (why: string) => void): void {
  const tooMany = deathCount();
  server.onDeath((how) => {
    const now = Date.now();
    if (tooMany()) return giveUp(`${server.title} keeps ending (${how})`);
    console.error(`${server.title} ended unexpectedly (${how}); starting it again.`);
    server.start().then(
      () => console.error(`${server.title} is back after ${((Date.now() - now) / 1000).toFixed(1)} s.`),
      (error) => giveUp(messageOf(error)),
    );
  });
}
