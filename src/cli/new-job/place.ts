/** Where a new job type goes: this repository, or an app that has Twolane as a library. */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
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

/** Pairs of files that may hold the two lists. */
const lists = ['', 'src/'].flatMap((base) => [
  { catalog: `${base}jobs/catalog.ts`, handlers: `${base}jobs/handlers.ts`, jobs: `${base}jobs` },
  { catalog: `${base}jobs.ts`, handlers: `${base}jobs.ts`, jobs: `${base}jobs` },
]);

/** @throws CommandError when the folder holds no project with the two lists */
export function placeIn(root: string): Place {
  const manifest = read(join(root, 'package.json'));
  const found = lists.find(
    ({ catalog, handlers }) => existsSync(join(root, catalog)) && existsSync(join(root, handlers)),
  );
  if (manifest === undefined || !found)
    throw new CommandError(
      `${root} has no lists of jobs. Run the command where package.json is; the lists are jobs/catalog.ts and ` +
        'jobs/handlers.ts, or jobs.ts with both (docs/jobs.md).',
      exitCodes.usage,
    );
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

/** A file as an import in another file's folder names it. */
export function importPath(fromFolder: string, file: string): string {
  const path = relative(fromFolder, file).replaceAll('\\', '/');
  return path.startsWith('.') ? path : `./${path}`;
}

function read(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
