/** The settings of commands that talk to the servers themselves: the environment, and what a running `npm start` fills in. */
import { join, resolve } from 'node:path';
import { keptCredentials } from '../../scripts/run/credentials.ts';
import { runningUrls } from '../../scripts/stack/lock.ts';
import { type Config, loadConfig } from '../config.ts';
import { TwolaneError } from '../contract/errors.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** Where `npm start` and `twolane start` keep data and credentials, seen from the folder of the command. */
export const stackFolder = ({ folder }: Pick<Terminal, 'folder'>) => resolve(folder, '.stack');

/** The environment, completed by the servers, files and first credentials of the installation that runs from this folder. */
export function completeEnvironment(terminal: Terminal): Record<string, string | undefined> {
  const folder = stackFolder(terminal);
  const running = runningUrls(folder);
  if (!running) return { ...terminal.environment };
  const { apiKey, operatorPassword } = keptCredentials(folder);
  const kept = {
    ...running,
    TWOLANE_FILES_DIR: join(folder, 'files'),
    TWOLANE_API_KEY: apiKey,
    TWOLANE_OPERATOR_PASSWORD: operatorPassword,
  };
  const given = Object.entries(terminal.environment).filter(([, value]) => value !== '' && value !== undefined);
  return { ...kept, ...Object.fromEntries(given) };
}

/** @throws CommandError naming every setting that is missing or wrong */
export function serverConfig(environment: Record<string, string | undefined>): Config {
  try {
    return loadConfig(environment);
  } catch (error) {
    if (!(error instanceof TwolaneError)) throw error;
    const hint = 'Set them as docs/configuration.md says, or run the command where `npm start` runs.';
    throw new CommandError(`${error.message}\n${hint}`, exitCodes.usage);
  }
}
