/** `twolane start`: everything on this machine, with private servers for those that no URL names. As `npm start`. */
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { stackFolder } from '../servers.ts';

export const startCommand: AddCommand = (program, terminal) => {
  withApp(program.command('start'))
    .description('Run everything here, with private PostgreSQL, Redis and RabbitMQ where no URL names one')
    .option('--port <port>', 'port of the API and the pages (PORT)')
    .action(async ({ app, port }: { app?: string; port?: string }) => {
      const { start } = await import('../../../scripts/run/start.ts');
      const here = fileURLToPath(import.meta.url);
      await start({
        // The same program again, with every role in its process.
        entry: fileURLToPath(new URL(`../main${extname(here)}`, import.meta.url)),
        args: ['all-in-one', ...(app === undefined ? [] : ['--app', app])],
        cwd: terminal.folder,
        folder: stackFolder(terminal),
        environment: { ...terminal.environment, ...(port !== undefined && { PORT: port }) },
      });
    });
};
