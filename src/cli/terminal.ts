/** Where a command reads and writes: the process's own streams, or those of a test. */
import { text } from 'node:stream/consumers';
import { inheritedEnvironment } from '../config.ts';

export interface Terminal {
  /** Results, to standard output. */
  out(text: string): void;
  /** Progress, hints and errors, to standard error. */
  err(text: string): void;
  /** All of standard input. */
  read(): Promise<string>;
  /** Columns of standard output; Infinity when that is no terminal, so that nothing is cut. */
  columns: number;
  /** Standard output may be coloured. */
  colour: boolean;
  /** Standard error is a terminal: progress bars can be drawn. */
  live: boolean;
  /** Somebody can be asked. */
  interactive: boolean;
  environment: Readonly<Record<string, string | undefined>>;
  /** The folder that relative paths start from. */
  folder: string;
  /** Aborted by Ctrl-C while a command waits. */
  interrupted(): AbortSignal;
}

/** The terminal of this process. NO_COLOR and FORCE_COLOR are heeded (no-color.org). */
export function processTerminal(): Terminal {
  const environment = inheritedEnvironment();
  const { stdin, stdout, stderr } = process;
  // A reader that has enough (`| head`) closes the pipe; that is the end, and no error.
  stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    out: (output) => void stdout.write(output),
    err: (output) => void stderr.write(output),
    read: () => text(stdin),
    columns: stdout.isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY,
    colour: environment.NO_COLOR ? false : Boolean(environment.FORCE_COLOR || stdout.isTTY),
    live: stderr.isTTY === true,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    environment,
    folder: process.cwd(),
    interrupted() {
      const over = new AbortController();
      process.once('SIGINT', () => over.abort());
      return over.signal;
    },
  };
}
