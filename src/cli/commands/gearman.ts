/** `twolane gearman`: lets clients of Gearman submit their jobs here. */

import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { mappingFrom } from '../mapping.ts';
import { startMover } from '../movers.ts';
import { whole } from '../options.ts';

export const gearmanCommand: AddCommand = (program, terminal) => {
  withApp(program.command('gearman'))
    .description('Take jobs from Gearman clients. The protocol has no credentials, so it listens on this machine only')
    .option('--port <port>', 'port to listen on', whole(0), 4730)
    .option('--host <address>', 'address to listen on; whoever reaches it may submit and look', '127.0.0.1')
    .option('--map <file>', 'module whose default export leads from functions to job types')
    .action(({ app, port, host, map }) =>
      startMover(terminal, { name: 'gearman', app }, async (twolane) => {
        const functions = map && (await mappingFrom(terminal, map));
        const { openGearmanDoor } = await import('../../moving/gearman/door.ts');
        const door = await openGearmanDoor(twolane, { port, host, functions });
        terminal.out(`Gearman clients are welcome at ${door.host}:${door.port}: ${door.functions.join(', ')}\n`);
        return () => door.stop();
      }),
    );
};
