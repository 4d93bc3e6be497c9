/** Why a command fails: a message that says what to do, and the code to exit with. */
import { CommanderError } from 'commander';
import { ProblemError, UnreachableError } from '../client/index.ts';
import { ConflictError, OverloadedError, TwolaneError } from '../contract/errors.ts';
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
  if (failure.message) terminal.err(`${failure.message}\n`);
  return failure.exitCode;
}

const codesOf: Readonly<Record<number, number>> = {
  400: exitCodes.usage,
  404: exitCodes.notFound,
  413: exitCodes.usage,
  415: exitCodes.usage,
  422: exitCodes.usage,
  502: exitCodes.unreachable,
  503: exitCodes.unreachable,
  504: exitCodes.unreachable,
};

/** What the API says, field by field where it names some. */
function refused({ status, title, detail, errors, code }: ProblemError): CommandError {
  const cure = status === 401 ? ' Check TWOLANE_API_KEY.' : '';
  // The detail of these only strings the fields together.
  const listed = code === 'invalid_request' || code === 'invalid_payload';
  const fields = errors.map(({ pointer, detail }) => `  ${pointer || '/'} ${detail}`);
  const text = listed && fields.length ? [`${title}:`, ...fields].join('\n') : detail + cure;
  const other = status >= 500 ? exitCodes.failed : exitCodes.refused;
  return new CommandError(`${text} (${code})`, codesOf[status] ?? other);
}

function understood(error: unknown): CommandError {
  if (error instanceof ProblemError) return refused(error);
  if (error instanceof UnreachableError)
    return new CommandError(
      `${error.message}. Is it running? \`npm start\` starts one here; --url or TWOLANE_URL names another.`,
      exitCodes.unreachable,
    );
  if (error instanceof OverloadedError) return new CommandError(error.message, exitCodes.unreachable);
  if (error instanceof Error && error.name === 'AbortError') return new CommandError('', exitCodes.interrupted);
  if (error instanceof ConflictError) return new CommandError(error.message, exitCodes.refused);
  if (error instanceof TwolaneError)
    return new CommandError(error.message, error.code === 'not_found' ? exitCodes.notFound : undefined);
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandError(`This is a defect of twolane, please report it:\n${shown}`);
}
