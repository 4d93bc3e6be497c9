/**
 * `npm start`: from a fresh clone to a running Twolane.
 * Options: --watch (restart on changes), --entry FILE and --folder FOLDER (another program, another place for data).
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { repository, stackFolder } from './run/folder.ts';
import { start } from './run/start.ts';

const { values } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    entry: { type: 'string', default: join(repository, 'workers', 'all-in-one.ts') },
    folder: { type: 'string', default: stackFolder },
  },
});

await start({
  entry: resolve(values.entry),
  folder: resolve(values.folder),
  watch: values.watch,
  environment: process.env,
});
