/** `twolane new job`: the three files of a job type and its two lines. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { type LaneName, laneNames } from '../../contract/words.ts';
import type { AddCommand } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { withLine } from '../new-job/lists.ts';
import { type GivenLists, importPath, type Place, placeIn } from '../new-job/place.ts';
import { definitionText, handlerText, identifierOf, type Names, testText } from '../new-job/templates.ts';

export const newCommand: AddCommand = (program, terminal) => {
  program
    .command('new')
    .description('Write the files of something new')
    .command('job')
    .description('A job type: its definition, its handler, their test and the two lines in the lists')
    .argument('<type>', 'verb and object, such as extract-hashtags', jobType)
    .addOption(new Option('--lane <lane>', 'where it runs').choices(laneNames).makeOptionMandatory())
    .option('--queue <queue>', 'queue of the lane', 'default')
    .option('--catalog <file>', 'the file with the list of definitions; new files go beside it')
    .option('--handlers <file>', 'the file with the list of handlers, if it is another one')
    .action((type: string, { lane, queue, ...lists }: { lane: LaneName; queue: string } & GivenLists) => {
      const place = placeIn(terminal.folder, lists);
      const files = filesOf({ type, lane, queue }, place);
      for (const [file, text] of files) write(file, text);
      for (const [file] of files) terminal.out(`${relative(place.root, file)}\n`);
      const runner = place.runner === 'vitest' ? 'npx vitest run' : 'node --import tsx --test';
      const test = relative(place.root, [...files.keys()][2] as string);
      terminal.err(`Now write what it does. Its test runs with: ${runner} ${test}\n`);
    });
};

function jobType(text: string): string {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 64) return text;
  throw new InvalidArgumentError('It must be lower case words with dashes, such as extract-hashtags.');
}

/** Every file with its new text, worked out before the first is written. @throws CommandError when one is there already */
function filesOf(names: Names, place: Place): Map<string, string> {
  const { type, lane } = names;
  const { jobs, catalog, handlers, extension } = place;
  const folder = join(jobs, lane);
  const [definition, handler] = [join(folder, `${type}.job.ts`), join(folder, `${type}.handler.ts`)];
  const test = join(place.tests ?? folder, `${type}.test.ts`);
  const taken = [definition, handler, test].find(existsSync);
  if (taken)
    throw new CommandError(`${relative(place.root, taken)} is there already; nothing was written.`, exitCodes.refused);
  const from = (base: string, file: string) => importPath(dirname(base), file).replace(/\.ts$/, extension);
  const library = (base: string, module: string, name: string) =>
    place.ownSources ? importPath(dirname(base), join(place.root, module)) : name;
  const contract = library(definition, 'src/contract/index.ts', 'twolane');
  const name = identifierOf(type);
  const files = new Map([
    [definition, definitionText(names, contract)],
    [handler, handlerText(names, contract, extension)],
    [test, testText(names, testImports(test), place.runner)],
  ]);
  insert('catalog', catalog, { type, value: name, from: from(catalog, definition) });
  insert('handlers', handlers, { type, value: `${name}Handler`, from: from(handlers, handler) });
  return files;

  function testImports(file: string) {
    const kit = library(file, 'src/testing/index.ts', 'twolane/testing');
    return { kit, handler: from(file, handler), definition: from(file, definition) };
  }
  function insert(list: 'catalog' | 'handlers', file: string, line: Parameters<typeof withLine>[2]) {
    const text = files.get(file) ?? readFileSync(file, 'utf8');
    files.set(file, withLine(text, list, line, relative(place.root, file)));
  }
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
