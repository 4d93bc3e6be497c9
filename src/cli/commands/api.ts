/** `twolane api`: the process that faces the product's traffic. */
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { port } from '../options.ts';
import { startRole } from '../roles.ts';

export const apiCommand: AddCommand = (program, terminal) => {
  withApp(program.command('api'))
    .description('Run the API and the operator pages, without workers')
    .option('--port <port>', 'port to listen on (PORT)', port)
    .action((options) => startRole(terminal, 'api', options));
};
