/** `twolane dashboard`: the operator pages in a process of their own. */
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { port } from '../options.ts';
import { startRole } from '../roles.ts';

export const dashboardCommand: AddCommand = (program, terminal) => {
  withApp(program.command('dashboard'))
    .description('Run the operator pages alone, on OPS_PORT or else PORT')
    .option('--port <port>', 'port to listen on (PORT)', port)
    .action((options) => startRole(terminal, 'dashboard', options));
};
