/** Runs a producing and a consuming process side by side and times them from the first job to the last acknowledgement. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

export interface PeerOptions {
  /** Broker to use; the peer makes a queue of its own there and deletes it afterwards. */
  url: string;
  jobs: number;
}

export interface PeerResult {
  jobsPerS: number;
}

/** What a child tells its parent: it is connected, or it has finished its part. */
export type ChildMessage = 'ready' | 'done';

/**
 * Starts `entry` twice, with the arguments `consume` and `produce`, and lets both begin once both are connected.
 * The clock stops when the consumer has acknowledged every job.
 * @throws Error when a process ends before its work is done.
 */
export async function runPair(entry: string, options: PeerOptions & { queue: string }): Promise<PeerResult> {
  const spawnRole = (role: string) =>
    fork(entry, [role, JSON.stringify(options)], { execArgv: ['--import', import.meta.resolve('tsx')] });
  const consumer = spawnRole('consume');
  const producer = spawnRole('produce');
  try {
    await Promise.all([heard(consumer, 'ready'), heard(producer, 'ready')]);
    const startedAt = performance.now();
    consumer.send('go');
    producer.send('go');
    await Promise.all([heard(consumer, 'done'), heard(producer, 'done')]);
    return { jobsPerS: Math.round(options.jobs / ((performance.now() - startedAt) / 1_000)) };
  } finally {
    await Promise.all([consumer, producer].map(ended));
  }
}

async function heard(child: ChildProcess, wanted: ChildMessage): Promise<void> {
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with ${code} before it was ${wanted}`);
  });
  const told = new Promise<void>((resolve) => {
    const listen = (message: unknown) => {
      if (message !== wanted) return;
      child.off('message', listen);
      resolve();
    };
    child.on('message', listen);
  });
  await Promise.race([told, died]);
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** The child's half: reads its role and options, reports when it is ready, and waits for the start. */
export function childRole(): { role: string; options: PeerOptions & { queue: string } } {
  const [role, json] = process.argv.slice(2);
  if (!role || !json) throw new Error('Start this file through its parent');
  return { role, options: JSON.parse(json) };
}

export async function readyAndWaitForGo(): Promise<void> {
  process.send?.('ready' satisfies ChildMessage);
  await once(process, 'message');
}

export function done(): void {
  process.send?.('done' satisfies ChildMessage);
}
