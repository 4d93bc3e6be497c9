/** The Twolane that a command works with: that of your app file, or the installation of this package. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type Config, offerSettings } from '../config.ts';
import { TwolaneError } from '../contract/errors.ts';
import type { Twolane } from '../twolane.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { completeEnvironment, serverConfig } from './servers.ts';
import type { Terminal } from './terminal.ts';

/** Adds `--app`. */
export function withApp(command: Command): Command {
  return command.option('--app <file>', 'module that exports your Twolane; default: this installation itself');
}

/** Settings that options of a command stand in for. */
export type OptionSettings = Partial<Pick<Config, 'PORT' | 'HEALTH_PORT'>>;

export interface AppChoice {
  app?: string | undefined;
  /** Names the process in its log. */
  name: string;
  settings?: OptionSettings;
  /** Instead of LOG_LEVEL, unless that is set. */
  logLevel?: string;
}

/**
 * Builds it; nothing is connected yet. Loaded when it is needed, since it is large.
 * @throws CommandError when settings are missing, or the module can't be loaded
 */
export async function openApp(terminal: Terminal, { app, name, settings, logLevel }: AppChoice): Promise<Twolane> {
  const environment = { ...(logLevel && { LOG_LEVEL: logLevel }), ...completeEnvironment(terminal) };
  const twolane = app === undefined ? await ownApp(name, environment) : await appOfFile(terminal, app, environment);
  return settings ? { ...twolane, config: { ...twolane.config, ...settings } } : twolane;
}

async function ownApp(name: string, environment: Record<string, string | undefined>): Promise<Twolane> {
  serverConfig(environment);
  return (await import('../../workers/app.ts')).appFromEnvironment(name, environment);
}

async function appOfFile(
  { folder }: Terminal,
  app: string,
  environment: Record<string, string | undefined>,
): Promise<Twolane> {
  // The module reads its settings by itself, and finds those of a `twolane start` beside it.
  offerSettings(environment);
  const { loadApp } = await import('../app-file.ts');
  try {
    return await loadApp(resolve(folder, app));
  } catch (error) {
    if (error instanceof TwolaneError) throw new CommandError(error.message, exitCodes.usage, { cause: error });
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new CommandError(`${app} could not be loaded: ${why}`, exitCodes.failed, { cause: error });
  }
}

/** For commands that work on the tables alone. */
export async function withDatabase(
  terminal: Terminal,
  app: string | undefined,
  work: (database: Twolane['database']) => Promise<void>,
): Promise<void> {
  const twolane = await openApp(terminal, { app, name: 'command', logLevel: 'warn' });
  await work(twolane.database).finally(() => twolane.close());
}
