/** `twolane api`: the process that faces the product's traffic. */
import type { AddCommand } from '../commands.ts';
import { startRole } from '../roles.ts';

export const apiCommand: AddCommand = (program, terminal) => {
  program
    .command('api')
    .description('Run the API and the operator pages, without workers')
    .option('--port <port>', 'port to listen on (PORT)')
    .action((options) => startRole(terminal, 'api', options));
};
