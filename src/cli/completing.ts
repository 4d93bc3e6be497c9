/** What may stand at the cursor: commands, options and the values that an option or argument is chosen from. */
import type { Argument, Command, Option } from 'commander';

/**
 * The words that begin like the last one.
 * @param words what was typed after the program's name; the last one is under the cursor, and may be empty
 */
export function candidates(program: Command, words: readonly string[]): string[] {
  const current = words.at(-1) ?? '';
  let command = program;
  let positions = 0;
  let awaiting: Option | undefined;
  for (const word of words.slice(0, -1)) {
    const known = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (awaiting) awaiting = undefined;
    else if (word.startsWith('-')) awaiting = valueOption(command, word);
    else if (known) [command, positions] = [known, 0];
    else positions += 1;
  }
  return choicesAt(command, awaiting, positions, current).filter((word) => word.startsWith(current));
}

function valueOption(command: Command, word: string): Option | undefined {
  const option = command.options.find(({ long, short }) => long === word || short === word);
  return option && (option.required || option.optional) ? option : undefined;
}

function choicesAt(command: Command, awaiting: Option | undefined, positions: number, current: string): string[] {
  if (awaiting) return [...(awaiting.argChoices ?? [])];
  if (current.startsWith('-')) return optionsOf(command);
  const argument: Argument | undefined = command.registeredArguments[positions];
  return [...commandsOf(command), ...(argument?.argChoices ?? [])];
}

const optionsOf = (command: Command) => [
  ...command.options.filter(({ hidden }) => !hidden).flatMap(({ long }) => (long ? [long] : [])),
  '--help',
];

function commandsOf(command: Command): string[] {
  const shown = command.commands.filter((one) => !(one as Command & { _hidden?: boolean })._hidden);
  return shown.map((one) => one.name());
}
