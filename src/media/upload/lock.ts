/** One writer per upload, over all processes: a lease in the database, and a way to ask its holder to let go. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TwolaneError, type UploadLock } from '../../contract/index.ts';
import type { UploadStore } from './store.ts';

/** A process that is gone holds nothing longer than this, milliseconds. */
const leaseMs = 8_000;
/** How often the holder says that it is there and looks whether somebody waits, milliseconds. */
const renewMs = 400;
const retryMs = 100;
const patienceMs = 20_000;

/**
 * The lease spares clients a conflict; what keeps files whole is that an append names the end it was written for.
 */
export function uploadLock(store: UploadStore, id: string): UploadLock {
  const holder = randomBytes(16).toString('hex');
  let watch: NodeJS.Timeout | undefined;

  async function look(onWanted: () => void) {
    try {
      const held = await store.renewLock(id, holder, leaseMs);
      if (!held || held.wanted) onWanted();
    } catch {
      // The database is away for a moment: the lease runs on, and the next look says more.
    }
  }

  return {
    async take(signal, onWanted) {
      const until = performance.now() + patienceMs;
      while (!(await store.takeLock(id, holder, leaseMs))) {
        signal.throwIfAborted();
        if (performance.now() > until)
          throw new TwolaneError(
            'upload_locked',
            'Another request writes to this upload; ask where it stands in a moment',
          );
        await sleep(retryMs);
      }
      watch = setInterval(() => void look(onWanted), renewMs);
    },
    async release() {
      clearInterval(watch);
      await store.dropLock(id, holder);
    },
  };
}
