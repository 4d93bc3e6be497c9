/** Command lines that the documentation tells people to type, and whether the program knows them. Nothing is run. */
import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { wordsOf } from './cli-app.ts';
import { repository } from './snippets.ts';

const terminal = { columns: 80, colour: false, environment: {}, folder: repository } as unknown as Terminal;

/** What is wrong with `twolane …`; undefined when its commands, options and number of arguments exist. */
export function complaintAbout(line: string): string | undefined {
  const [, ...words] = wordsOf(line.replace(/\s+#\s.*$/, ''));
  let command: Command = buildProgram(terminal);
  while (words.length > 0) {
    const next = command.commands.find((each) => each.name() === words[0]);
    if (!next) break;
    command = next;
    words.shift();
  }
  // `…` stands for whatever belongs there.
  const open = words.includes('…');
  const { operands: given, unknown } = command.parseOptions(words);
  const operands = given.filter((word) => word !== '…');
  if (unknown.length > 0) return `${line}: there is no ${unknown.join(' ')}`;
  if (command.commands.length > 0 && operands.length > 0) return `${line}: there is no ${operands[0]}`;
  const { registeredArguments: takes } = command;
  const most = takes.some(({ variadic }) => variadic) ? Number.POSITIVE_INFINITY : takes.length;
  const least = open ? 0 : takes.filter(({ required }) => required).length;
  const fits = operands.length >= least && operands.length <= most;
  return fits ? undefined : `${line}: takes ${least} to ${most} arguments, not ${operands.length}`;
}
