/** What the commands share that talk to a running Twolane over HTTP: which one, with which key, and how the answer is wanted. */
import { type Command, Option } from 'commander';
import { keptCredentials } from '../../scripts/run/credentials.ts';
import { runningAddress } from '../../scripts/stack/lock.ts';
import { createClient, type TwolaneClient } from '../client/index.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { whole } from './options.ts';
import { stackFolder } from './servers.ts';
import type { Terminal } from './terminal.ts';

export interface RemoteOptions {
  url?: string;
  json?: boolean;
}

/** Adds `--json` and `--url`. */
export function remote(command: Command): Command {
  return command
    .addOption(new Option('--json', 'JSON for programs; lists give one entry per line').default(undefined))
    .option('--url <url>', 'the Twolane to talk to (TWOLANE_URL)');
}

/** Adds `--limit` to a command that lists. */
export function limited(command: Command): Command {
  return command.option('--limit <entries>', 'entries at most', whole(), 50);
}

/**
 * The client for the Twolane that options and environment name, or else the one that runs from this folder.
 * @throws CommandError when there is no key for it
 */
export function clientOf(terminal: Terminal, options: RemoteOptions): TwolaneClient {
  const { TWOLANE_URL, TWOLANE_API_KEY, PORT } = terminal.environment;
  const folder = stackFolder(terminal);
  const here = runningAddress(folder);
  const url = options.url || TWOLANE_URL || here || `http://127.0.0.1:${PORT || 3000}`;
  // The kept key goes to the one that it belongs to and nowhere else.
  const key = TWOLANE_API_KEY || (url === here ? keptCredentials(folder).apiKey : undefined);
  if (!URL.canParse(url)) throw new CommandError(`"${url}" is no URL; http://127.0.0.1:3000 is one.`, exitCodes.usage);
  if (!key)
    throw new CommandError(
      `No API key for ${url}: set TWOLANE_API_KEY, or run the command in the folder where \`npm start\` runs.`,
      exitCodes.usage,
    );
  return createClient({ url, key });
}
