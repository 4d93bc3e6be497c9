/** The program: every command under one name, its errors as exit codes. */
import { Command } from 'commander';
import { version } from '../version.ts';
import { commands } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { tellFailure } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** All commands, as commander knows them. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('twolane')
    .description('Runs Twolane, and works with one that runs.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => Math.min(terminal.columns, 100),
      getErrHelpWidth: () => Math.min(terminal.columns, 100),
      getOutHasColors: () => terminal.colour,
    })
    .addHelpText('after', '\nExit codes and examples: docs/cli.md. `twolane help COMMAND` shows the options of one.');
  for (const add of commands) add(program, terminal);
  return program;
}

/** Runs one command line. @returns the code to exit with */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await buildProgram(terminal).parseAsync(args, { from: 'user' });
    return exitCodes.ok;
  } catch (error) {
    return tellFailure(error, terminal);
  }
}
