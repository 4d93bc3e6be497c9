/** `twolane workers`: the live processes of the fleet, and asking one to end. `twolane worker` starts one. */
import type { components } from '../../client/index.ts';
import type { AddCommand } from '../commands.ts';
import { printJson, printList } from '../output/print.ts';
import { styleOf } from '../output/style.ts';
import type { Column } from '../output/table.ts';
import { ago, count } from '../output/time.ts';
import { clientOf, remote } from '../remote.ts';

const columns: readonly Column<components['schemas']['Worker']>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'PROCESS', of: ({ host, pid }) => `${host}:${pid}`, least: 12 },
  { title: 'QUEUES', of: ({ queues }) => queues.map(({ queue }) => queue).join(' '), least: 8, spare: 4 },
  { title: 'RUNNING', of: ({ running }) => running, right: true },
  {
    title: 'MEMORY',
    of: ({ memoryBytes }) => `${count(Math.round(memoryBytes / 1_048_576))} MB`,
    right: true,
    spare: 2,
  },
  { title: 'VERSION', of: ({ version }) => version, spare: 3 },
  { title: 'STARTED', of: ({ startedAt }) => ago(startedAt), spare: 1 },
  {
    title: 'STATUS',
    of: ({ draining, drainRequestedAt }) => (draining || drainRequestedAt ? 'draining' : 'up'),
    style: (text, style) => (text.trim() === 'up' ? text : style.warn(text)),
  },
];

export const workersCommand: AddCommand = (program, terminal) => {
  const workers = program.command('workers').description('The live worker processes; ask one to end');
  remote(workers.command('list').description('Every process with what it consumes')).action(async (options) => {
    const { items } = await clientOf(terminal, options).get('/v1/workers');
    await printList(terminal, items, { json: options.json, columns, empty: 'No worker is alive.' });
  });
  remote(workers.command('drain').description('Take no more jobs, finish those that run, and end'))
    .argument('<id>', 'of `workers list`')
    .action(async (id: string, options) => {
      const answer = await clientOf(terminal, options).post('/v1/workers/{id}/drain', { params: { path: { id } } });
      if (options.json) printJson(terminal, answer);
      else terminal.out(`${id}  ${styleOf(terminal).warn('draining')}\n`);
    });
};
