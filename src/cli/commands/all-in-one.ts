/** `twolane all-in-one`: every role in one process. */
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { port } from '../options.ts';
import { startRole } from '../roles.ts';

export const allInOneCommand: AddCommand = (program, terminal) => {
  withApp(program.command('all-in-one'))
    .description('Run API, operator pages, scheduler and a worker of both lanes in one process')
    .option('--port <port>', 'port of the API and the pages (PORT)', port)
    .action((options) => startRole(terminal, 'all-in-one', options));
};
