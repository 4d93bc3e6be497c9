/** The file that leads from foreign names to job types: a module of the app, in JavaScript or TypeScript. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { importModule } from '../app-file.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The default export of the module. @throws CommandError when it can't be loaded or exports no object */
// biome-ignore lint/suspicious/noExplicitAny: what a file of the app exports is checked by whoever uses it
export async function mappingFrom({ folder }: Terminal, file: string): Promise<any> {
  const path = resolve(folder, file);
  let exported: { default?: unknown };
  try {
    exported = await importModule(pathToFileURL(path).href);
  } catch (error) {
    throw new CommandError(`${path} can not be loaded: ${String(error)}`, exitCodes.usage, { cause: error });
  }
  if (typeof exported.default === 'object' && exported.default !== null) return exported.default;
  throw new CommandError(
    `${path} has no default export that leads from names to job types, such as { 'app.tasks.resize': 'resize-image' }`,
    exitCodes.usage,
  );
}
