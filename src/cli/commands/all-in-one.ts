/** `twolane all-in-one`: every role in one process. */
import type { AddCommand } from '../commands.ts';
import { startRole } from '../roles.ts';

export const allInOneCommand: AddCommand = (program, terminal) => {
  program
    .command('all-in-one')
    .description('Run API, operator pages, scheduler and a worker of both lanes in one process')
    .option('--port <port>', 'port of the API and the pages (PORT)')
    .action((options) => startRole(terminal, 'all-in-one', options));
};
