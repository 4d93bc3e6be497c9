/** `twolane credentials`: the first credentials, and where the servers are that run from this folder. */
import { keptCredentials } from '../../../scripts/run/credentials.ts';
import { runningUrls } from '../../../scripts/stack/lock.ts';
import type { AddCommand } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { stackFolder } from '../servers.ts';

export const credentialsCommand: AddCommand = (program, terminal) => {
  program
    .command('credentials')
    .description(
      'Print the API key and password that the first start has made, and the servers that run from this folder',
    )
    .action(() => {
      const folder = stackFolder(terminal);
      const { apiKey, operatorPassword } = keptCredentials(folder);
      if (!apiKey || !operatorPassword)
        throw new CommandError('There are no credentials here yet: `npm start` makes them.', exitCodes.notFound);
      const lines = { 'API key': apiKey, Operator: 'admin', Password: operatorPassword, ...runningUrls(folder) };
      for (const [name, value] of Object.entries(lines)) terminal.out(`${name.padEnd(14)}${value}\n`);
    });
};
