/** `twolane types` and `twolane keys`: the switches of a job type and of a key, and what is switched off. */
import type { components } from '../../client/index.ts';
import type { AddCommand } from '../commands.ts';
import { printJson, printList } from '../output/print.ts';
import { styleOf } from '../output/style.ts';
import type { Column } from '../output/table.ts';
import { ago } from '../output/time.ts';
import { clientOf, type RemoteOptions, remote } from '../remote.ts';
import type { Terminal } from '../terminal.ts';

type JobType = components['schemas']['JobType'] & { paused: boolean };

const typeColumns: readonly Column<JobType>[] = [
  { title: 'TYPE', of: ({ type }) => type },
  { title: 'QUEUE', of: ({ lane, queue }) => `${lane}/${queue}`, spare: 1 },
  { title: 'VERSION', of: ({ version }) => version, right: true, spare: 2 },
  { title: 'ENQUEUED BY', of: ({ internal }) => (internal ? 'twolane' : 'anyone'), spare: 3 },
  {
    title: 'STATUS',
    of: ({ paused }) => (paused ? 'paused' : 'open'),
    style: (text, { warn }) => (text === 'paused' ? warn(text) : text),
  },
  { title: 'DESCRIPTION', of: ({ description }) => description, least: 10, spare: 4 },
];

const pauseColumns: readonly Column<components['schemas']['Pause']>[] = [
  { title: 'KEY', of: ({ name }) => name, least: 20 },
  { title: 'PAUSED', of: ({ since }) => ago(since) },
];

export const typesCommand: AddCommand = (program, terminal) => {
  const types = program.command('types').description('Job types; pause and resume one');
  remote(types.command('list').description('Every job type')).action(async (options) => {
    const client = clientOf(terminal, options);
    const [{ items }, pauses] = await Promise.all([client.get('/v1/job-types'), client.get('/v1/pauses')]);
    const paused = new Set(pauses.items.filter(({ kind }) => kind === 'type').map(({ name }) => name));
    const rows = items.map((type) => ({ ...type, paused: paused.has(type.type) }));
    await printList(terminal, rows, { json: options.json, columns: typeColumns, empty: 'There are no job types.' });
  });
  for (const action of ['pause', 'resume'] as const)
    remote(types.command(action).description(action === 'pause' ? 'Stop starting jobs of a type' : 'Start them again'))
      .argument('<type>')
      .action(async (type: string, options) => {
        const path = { params: { path: { type } } };
        tell(terminal, options, type, await clientOf(terminal, options).post(`/v1/job-types/{type}/${action}`, path));
      });
};

export const keysCommand: AddCommand = (program, terminal) => {
  const keys = program.command('keys').description('Pause and resume the jobs of a key');
  remote(keys.command('list').description('The keys that are paused')).action(async (options) => {
    const { items } = await clientOf(terminal, options).get('/v1/pauses');
    const rows = items.filter(({ kind }) => kind === 'key');
    await printList(terminal, rows, { json: options.json, columns: pauseColumns, empty: 'No key is paused.' });
  });
  for (const action of ['pause', 'resume'] as const)
    remote(keys.command(action).description(action === 'pause' ? 'Stop starting jobs of a key' : 'Start them again'))
      .argument('<key>')
      .action(async (key: string, options) => {
        const path = { params: { path: { key } } };
        tell(terminal, options, key, await clientOf(terminal, options).post(`/v1/keys/{key}/${action}`, path));
      });
};

function tell(terminal: Terminal, { json }: RemoteOptions, name: string, answer: { paused: boolean }): void {
  if (json) printJson(terminal, answer);
  else terminal.out(`${name}  ${answer.paused ? styleOf(terminal).warn('paused') : 'open'}\n`);
}
