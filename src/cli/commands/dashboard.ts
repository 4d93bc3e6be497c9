/** `twolane dashboard`: the operator pages in a process of their own. */
import type { AddCommand } from '../commands.ts';
import { startRole } from '../roles.ts';

export const dashboardCommand: AddCommand = (program, terminal) => {
  program
    .command('dashboard')
    .description('Run the operator pages alone, on OPS_PORT or else PORT')
    .option('--port <port>', 'port to listen on (PORT)')
    .action((options) => startRole(terminal, 'dashboard', options));
};
