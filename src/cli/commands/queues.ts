/** `twolane queues`: both lanes at this moment, and the switches of a queue. */
import { InvalidArgumentError } from 'commander';
import type { components } from '../../client/index.ts';
import { type LaneName, laneNames } from '../../contract/words.ts';
import type { AddCommand } from '../commands.ts';
import { printJson, printList } from '../output/print.ts';
import { styleOf } from '../output/style.ts';
import type { Column } from '../output/table.ts';
import { count, duration } from '../output/time.ts';
import { clientOf, remote } from '../remote.ts';

type Queue = components['schemas']['Queue'];

/** Counts end at 10,000. */
const number = (value: number) => (value >= 10_000 ? `${count(value)}+` : count(value));
const counted = (title: string, name: keyof Queue['counts'], spare?: number): Column<Queue> => ({
  title,
  of: ({ counts }) => number(counts[name]),
  right: true,
  ...(spare !== undefined && { spare }),
});

const columns: readonly Column<Queue>[] = [
  { title: 'QUEUE', of: ({ lane, queue }) => `${lane}/${queue}`, least: 12 },
  {
    title: 'STATUS',
    of: (queue) => statusOf(queue),
    style: (text, style) => (text === 'open' ? text : style.warn(text)),
  },
  counted('WAITING', 'waiting'),
  counted('QUEUED', 'queued', 4),
  counted('RUNNING', 'running'),
  counted('SCHEDULED', 'scheduled', 5),
  counted('BLOCKED', 'blocked', 7),
  { ...counted('DEAD', 'dead'), style: (text, style) => (text.trim() === '0' ? text : style.bad(text)) },
  { title: 'OLDEST', of: ({ oldestMs }) => duration(oldestMs), right: true, spare: 2 },
  { title: 'DONE/S', of: ({ finishedPerS }) => finishedPerS.toFixed(1), right: true, spare: 3 },
  { title: 'WORKERS', of: ({ workers }) => workers, right: true, spare: 1 },
];

function statusOf({ paused, refusing, workers }: Queue): string {
  if (paused) return 'paused';
  if (refusing) return refusing.code;
  return workers === 0 ? 'no worker' : 'open';
}

export const queuesCommand: AddCommand = (program, terminal) => {
  const queues = program.command('queues').description('Both lanes at this moment; pause and resume a queue');
  remote(queues.command('list').description('Every queue with its counts')).action(async (options) => {
    const { items } = await clientOf(terminal, options).get('/v1/queues');
    await printList(terminal, items, { json: options.json, columns, empty: 'There are no queues yet.' });
  });
  for (const action of ['pause', 'resume'] as const) {
    const description =
      action === 'pause' ? 'Stop starting jobs of a queue; what runs goes on' : 'Start its jobs again';
    remote(queues.command(action).description(description))
      .argument('<lane/queue>', 'such as bulk/image', queuePath)
      .action(async (path: { lane: LaneName; queue: string }, options) => {
        const answer = await clientOf(terminal, options).post(`/v1/queues/{lane}/{queue}/${action}`, {
          params: { path },
        });
        if (options.json) printJson(terminal, answer);
        else terminal.out(`${path.lane}/${path.queue}  ${answer.paused ? styleOf(terminal).warn('paused') : 'open'}\n`);
      });
  }
};

function queuePath(text: string): { lane: LaneName; queue: string } {
  const [first, queue, ...rest] = text.split('/');
  const lane = laneNames.find((name) => name === first);
  if (lane && queue && rest.length === 0) return { lane, queue };
  throw new InvalidArgumentError('It must be a lane and a queue, such as bulk/image or realtime/fast.');
}
