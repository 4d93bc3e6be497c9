/** JSON on the command line: as it is, from a file, or from standard input. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** What such an option takes, for help texts. */
export const jsonSources = 'JSON, @FILE, or - for standard input';

/** @throws CommandError when it can't be read or is no JSON */
export async function jsonArgument(terminal: Terminal, text: string, name: string): Promise<unknown> {
  const source = text === '-' ? 'standard input' : text.startsWith('@') ? text.slice(1) : name;
  const json = await textOf(terminal, text);
  try {
    return JSON.parse(json);
  } catch (error) {
    const shown = text === json ? `: ${JSON.stringify(text.slice(0, 60))}` : '';
    throw new CommandError(`${source} is no JSON${shown} (${(error as Error).message})`, exitCodes.usage);
  }
}

async function textOf(terminal: Terminal, text: string): Promise<string> {
  if (text === '-') return terminal.read();
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(resolve(terminal.folder, text.slice(1)), 'utf8');
  } catch (error) {
    throw new CommandError(`${text.slice(1)} can't be read: ${(error as Error).message}`, exitCodes.usage);
  }
}
