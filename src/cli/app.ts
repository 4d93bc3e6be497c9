/** The Twolane that a command works with: the installation of this package. */
import type { Twolane } from '../twolane.ts';
import { completeEnvironment, serverConfig } from './servers.ts';
import type { Terminal } from './terminal.ts';

export interface AppChoice {
  /** Names the process in its log. */
  name: string;
  /** Settings that options of the command stand in for. */
  settings?: Record<string, string>;
  /** Instead of LOG_LEVEL, unless that is set. */
  logLevel?: string;
}

/**
 * Builds it; nothing is connected yet. Loaded when it is needed, since it is large.
 * @throws CommandError when settings are missing
 */
export async function openApp(terminal: Terminal, { name, settings, logLevel }: AppChoice): Promise<Twolane> {
  const environment = { ...(logLevel && { LOG_LEVEL: logLevel }), ...completeEnvironment(terminal), ...settings };
  serverConfig(environment);
  const { appFromEnvironment } = await import('../../workers/app.ts');
  return appFromEnvironment(name, environment);
}
