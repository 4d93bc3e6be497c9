/** Starts child processes that end with their parent, even when that one is killed, and that a terminal's Ctrl-C does not reach. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { onPath } from './find.ts';

export interface Command {
  program: string;
  args: readonly string[];
  /** Added to the environment of this process. */
  environment?: Readonly<Record<string, string>>;
  /** Run as this system user; only root can. */
  user?: string;
  /** What the kernel sends when the parent is gone. Default SIGTERM. */
  deathSignal?: 'TERM' | 'INT' | 'KILL';
  /** File that receives the output; absent: the parent's own output. */
  log?: string;
  cwd?: string;
}

/** The command line as it is run: under `setpriv` where there is one (Linux), plain elsewhere. */
export function commandLine(command: Command): [string, ...string[]] {
  const plain: [string, ...string[]] = [command.program, ...command.args];
  if (!onPath('setpriv')) return plain;
  const death = ['--pdeathsig', command.deathSignal ?? 'TERM'];
  return ['setpriv', ...death, ...(command.user ? userFlags(command.user, command.cwd) : []), ...plain];
}

/**
 * Flags that switch to a user. When the folder lies under one that is closed to others (a clone in root's home), the
 * user gets through by one capability instead of by opening the home.
 */
function userFlags(user: string, folder = '/'): string[] {
  const flags = [`--reuid=${user}`, `--regid=${groupOf(user)}`, '--init-groups'];
  const reachable = spawnSync('setpriv', [...flags, 'test', '-x', folder]).status === 0;
  return reachable ? flags : [...flags, '--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
}

function groupOf(user: string): string {
  return spawnSync('id', ['-g', user], { encoding: 'utf8' }).stdout.trim();
}

/** Starts a command in a session of its own. */
export function launch(command: Command): ChildProcess {
  const [program, ...args] = commandLine(command);
  const output = command.log === undefined ? undefined : openSync(command.log, 'a', 0o600);
  try {
    return spawn(program, args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.environment },
      detached: true,
      stdio: output === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', output, output],
    });
  } finally {
    if (output !== undefined) closeSync(output);
  }
}

/** Whether a child has not ended yet. */
export function isAlive(child: ChildProcess | undefined): child is ChildProcess {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** Resolves when the child has ended. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (!isAlive(child)) return resolve();
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}

/** Ends a child with a signal and, when it has not gone after `patienceMs`, with SIGKILL. */
export async function end(child: ChildProcess, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  if (!isAlive(child)) return;
  const gone = ended(child);
  const impatience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  child.kill(signal);
  await gone;
  clearTimeout(impatience);
}
