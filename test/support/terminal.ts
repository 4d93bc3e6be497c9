/** A terminal for command lines that run inside a test: keeps what was written, and answers what it is given. */
import type { Terminal } from '../../src/cli/terminal.ts';

export interface TestTerminal extends Terminal {
  readonly stdout: string;
  readonly stderr: string;
}

/** Without a width nothing is cut, as in a pipe. */
export function testTerminal(given: Partial<Terminal> & { input?: string } = {}): TestTerminal {
  const written = { stdout: '', stderr: '' };
  return {
    columns: Number.POSITIVE_INFINITY,
    colour: false,
    live: false,
    interactive: false,
    environment: {},
    folder: process.cwd(),
    interrupted: () => new AbortController().signal,
    read: async () => given.input ?? '',
    ...given,
    out(text) {
      written.stdout += text;
    },
    err(text) {
      written.stderr += text;
    },
    get stdout() {
      return written.stdout;
    },
    get stderr() {
      return written.stderr;
    },
  };
}
