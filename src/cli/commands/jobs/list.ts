/** `twolane jobs list` and `search`: jobs by what they are, newest first. */
import type { AddCommand } from '../../commands.ts';
import { filtered, filterOf, withState } from '../../job-filter.ts';
import { jobColumns } from '../../output/jobs.ts';
import { printList } from '../../output/print.ts';
import { clientOf, limited, remote } from '../../remote.ts';
import type { Terminal } from '../../terminal.ts';

const empty = 'No job fits.';

const listCommand: AddCommand = (jobs, terminal) => {
  remote(limited(withState(filtered(jobs.command('list').description('Jobs, newest first')))))
    .option('--schedule <name>', 'enqueued by this schedule')
    .action((options) => print(terminal, options, { ...filterOf(options), schedule: options.schedule }));
};

const searchCommand: AddCommand = (jobs, terminal) => {
  remote(
    limited(
      jobs.command('search').description('Jobs by terms such as type:notify payload.userId:42 error:ECONNREFUSED'),
    ),
  )
    .argument('<terms...>', 'name:value; values with blanks stand in double quotes')
    .action((terms: string[], options) => print(terminal, options, { q: terms.join(' ') }));
};

export const listCommands = [listCommand, searchCommand];

interface ListOptions {
  json?: boolean;
  url?: string;
  limit: number;
}

function print(terminal: Terminal, options: ListOptions, query: Record<string, unknown>): Promise<void> {
  const page = Math.min(options.limit + 1, 500);
  const jobs = clientOf(terminal, options).each('/v1/jobs', { params: { query: { ...query, limit: page } } });
  return printList(terminal, jobs, { json: options.json, columns: jobColumns, empty, limit: options.limit });
}
