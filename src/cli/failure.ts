/** Why a command fails: a message that says what to do, and the code to exit with. */
import { CommanderError } from 'commander';
import { TwolaneError } from '../contract/errors.ts';
import { exitCodes } from './exit-codes.ts';
import type { Terminal } from './terminal.ts';

/** A failure that the person at the keyboard can cure; the message says how. */
export class CommandError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.failed, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Tells the terminal what went wrong. @returns the code to exit with */
export function tellFailure(error: unknown, terminal: Terminal): number {
  // Commander has written its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  const failure = error instanceof CommandError ? error : understood(error);
  terminal.err(`${failure.message}\n`);
  return failure.exitCode;
}

function understood(error: unknown): CommandError {
  if (error instanceof TwolaneError) return new CommandError(error.message);
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandError(`This is a defect of twolane, please report it:\n${shown}`);
}
