/** An app's own file, as `--app` names one: the installation of the tests of the command line. */
import type { Config } from '../../src/config.ts';
import { silentLogger } from '../../src/contract/index.ts';
import { createApp as createOwn } from '../../workers/app.ts';
import { cliOverrides } from './cli-jobs.ts';

export const createApp = (config: Config) => createOwn(config, { logger: silentLogger, ...cliOverrides });
