/** Where a new job type goes: this repository, or an app that has Twolane as a library. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

export interface Place {
  /** The top of the project, absolute. */
  root: string;
  /** Absolute; both may be the same file. */
  catalog: string;
  handlers: string;
  /** The folder that holds `realtime/` and `bulk/`, absolute. */
  jobs: string;
  /** The folder of tests; undefined puts them beside the handler. */
  tests: string | undefined;
  runner: 'vitest' | 'node';
  /** How modules of Twolane are named: by the package, or by their files in this repository. */
  ownSources: boolean;
  /** What imports of own files end with. */
  extension: '.ts' | '.js';
}

/** The files of the two lists, relative to the project; without `handlers` both are in one. */
export interface GivenLists {
  catalog?: string;
  handlers?: string;
}

/** Pairs of files that may hold the two lists, where nobody names them. */
const usualLists = ['', 'src/'].flatMap((base) => [
  { catalog: `${base}jobs/catalog.ts`, handlers: `${base}jobs/handlers.ts`, jobs: `${base}jobs` },
  { catalog: `${base}jobs.ts`, handlers: `${base}jobs.ts`, jobs: `${base}jobs` },
]);

/** @throws CommandError when the folder holds no project with the two lists */
export function placeIn(root: string, given: GivenLists = {}): Place {
  const manifest = read(join(root, 'package.json'));
  if (manifest === undefined)
    throw new CommandError(`${root} has no package.json. Run the command where it is.`, exitCodes.usage);
  const found = listsIn(root, given);
  const { name, devDependencies = {}, dependencies = {} } = JSON.parse(manifest);
  const catalog = join(root, found.catalog);
  const tests = ['test/unit/jobs', 'test', 'tests'].map((folder) => join(root, folder));
  const ownSources = name === 'twolane';
  return {
    root,
    catalog,
    handlers: join(root, found.handlers),
    jobs: join(root, found.jobs),
    tests: ownSources ? tests[0] : tests.find(existsSync),
    runner: 'vitest' in { ...devDependencies, ...dependencies } ? 'vitest' : 'node',
    ownSources,
    extension: /from '\.[^']*\.js'/.test(read(catalog) ?? '') ? '.js' : '.ts',
  };
}

function listsIn(root: string, { catalog, handlers = catalog }: GivenLists) {
  if (handlers !== undefined && catalog === undefined)
    throw new CommandError('--handlers needs --catalog beside it: the file with the other list.', exitCodes.usage);
  const named = catalog === undefined ? [] : [{ catalog, handlers: handlers as string, jobs: dirname(catalog) }];
  const found = [...named, ...(catalog === undefined ? usualLists : [])].find(
    (lists) => existsSync(join(root, lists.catalog)) && existsSync(join(root, lists.handlers)),
  );
  if (found) return found;
  const missing =
    catalog === undefined ? 'no lists of jobs' : `no ${[...new Set([catalog, handlers])].join(' or no ')}`;
  throw new CommandError(
    `${root} has ${missing}. They are looked for in jobs/catalog.ts and jobs/handlers.ts, in jobs.ts, and in the same below ` +
      'src/. Name other files with --catalog FILE and --handlers FILE; one file with both needs only --catalog.',
    exitCodes.usage,
  );
}

/** A file as an import in another file's folder names it. */
export function importPath(fromFolder: string, file: string): string {
  const path = relative(fromFolder, file).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
