/** The text commands of Gearman's administrators: they may look, and steer nothing. */
import type { Platform } from '../platform.ts';
import type { MappedFunction } from './functions.ts';

export interface AdminParts {
  platform: Platform;
  functions: ReadonlyMap<string, MappedFunction>;
  version: string;
}

type Answer = (parts: AdminParts) => string | Promise<string>;

const refused = (why: string): Answer => {
  return () => `ERR not_allowed ${encodeURIComponent(why).replaceAll('%20', '+')}\n`;
};

/** By their first word. */
const commands: Readonly<Record<string, Answer>> = {
  status,
  workers,
  version: ({ version }) => `OK twolane-${version}\n`,
  maxqueue: refused('Queues have no length here; limit their age with PATCH /v1/queues/:lane/:queue'),
  shutdown: refused('The process that listens here is ended where it was started'),
};

export async function answerLine(parts: AdminParts, line: string): Promise<string> {
  const [word = ''] = line.split(/\s+/);
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined;
  return command ? command(parts) : 'ERR unknown_command Unknown+server+command\n';
}

/**
 * Function, jobs that have not ended, jobs that run, jobs that all workers together can run. Counted by queue: functions
 * whose types share a queue show the same numbers.
 */
async function status({ platform, functions }: AdminParts): Promise<string> {
  const queues = await platform.operations.queues();
  const lines = [...functions].map(([name, { job }]) => {
    const found = queues.find(({ lane, queue }) => lane === job.lane && queue === job.queue);
    const { blocked, scheduled, waiting, queued, running } = found?.counts ?? nothing;
    return [name, blocked + scheduled + waiting + queued + running, running, found?.concurrency ?? 0].join('\t');
  });
  return [...lines, '.', ''].join('\n');
}

const nothing = { blocked: 0, scheduled: 0, waiting: 0, queued: 0, running: 0 };

/** The worker processes of the installation; their descriptors and addresses are not ours to tell. */
async function workers({ platform, functions }: AdminParts): Promise<string> {
  const lines = (await platform.operations.workers()).map(({ host, pid, knows, queues }) => {
    const takes = new Set<string>(queues.map(({ queue }) => queue));
    const runs = [...functions].filter(([, { job }]) => job.type in knows && takes.has(`${job.lane}/${job.queue}`));
    return `${pid} ${host} - : ${runs.map(([name]) => name).join(' ')}`.trimEnd();
  });
  return [...lines, '.', ''].join('\n');
}
