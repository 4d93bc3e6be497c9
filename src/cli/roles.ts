/** What the commands share that run a role: options that stand over settings, and the start itself. */
import type { Role } from '../../workers/roles.ts';
import type { WorkerSelection } from '../selection.ts';
import { openApp } from './app.ts';
import type { Terminal } from './terminal.ts';

export interface RoleOptions {
  app?: string;
  port?: number;
  healthPort?: number;
}

/** Starts the role in this process, which then ends by SIGTERM or Ctrl-C. */
export async function startRole(
  terminal: Terminal,
  role: Role,
  { app, port, healthPort }: RoleOptions,
  selection: WorkerSelection = {},
): Promise<void> {
  const settings = {
    ...(port !== undefined && { PORT: port }),
    ...(healthPort !== undefined && { HEALTH_PORT: healthPort }),
  };
  const [{ runRole }, twolane] = await Promise.all([
    import('../../workers/roles.ts'),
    openApp(terminal, { app, settings, name: selection.lane ?? role }),
  ]);
  await runRole(twolane, role, selection);
}
