/**
 * Loads the module in which an app makes its Twolane: for `twolane … --app ./twolane.ts`, and in the child processes of
 * isolated handlers. The module exports the instance as `twolane` or by default, or a function `createApp(config,
 * overrides)`. It starts nothing.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Config, loadConfig } from './config.ts';
import { TwolaneError } from './contract/errors.ts';
import type { Twolane, TwolaneOptions } from './options.ts';
import { layOver } from './overrides.ts';

/** What `createApp` is given. An instance that the module made itself keeps its own configuration. */
export interface AppFileOptions {
  /** Default: the environment. */
  config?: Config;
  overrides?: Partial<TwolaneOptions>;
}

interface AppModule {
  default?: unknown;
  twolane?: unknown;
  createApp?(config: Config, overrides: Partial<TwolaneOptions>): Twolane;
}

/**
 * @param file a URL, or a path from the working directory
 * @throws TwolaneError `app_unreadable` when the module can't be loaded, `no_app` when it exports no Twolane
 */
export async function loadApp(file: string, { config, overrides = {} }: AppFileOptions = {}): Promise<Twolane> {
  const url = file.startsWith('file:') ? file : pathToFileURL(resolve(file)).href;
  const { createApp, ...module }: AppModule = await importModule(url);
  if (typeof createApp === 'function') return createApp(config ?? loadConfig(), overrides);
  const made = [module.twolane, module.default].find(isTwolane);
  if (made) return made;
  const cure = '`export const twolane = createTwolane({ …, app: import.meta.url })`, or a function createApp';
  throw new TwolaneError('no_app', `${url} exports no Twolane: it needs ${cure}`);
}

/** The same in a child process: whatever the module makes has these options. */
export async function loadAppInChild(
  url: string,
  config: Config,
  overrides: Partial<TwolaneOptions>,
): Promise<Twolane> {
  layOver({ ...overrides, config });
  return loadApp(url, { config, overrides });
}

function isTwolane(value: unknown): value is Twolane {
  const parts = value as Partial<Twolane> | undefined;
  return typeof parts?.isolated === 'function' && typeof parts.enqueue === 'function';
}

/** Imports a module of an app, also one in TypeScript. @throws TwolaneError `app_unreadable` */
export async function importModule(url: string): Promise<Record<string, unknown>> {
  if (/\.[cm]?tsx?$/.test(url) && !readsTypeScript()) await readTypeScript(url);
  return import(url);
}

/** Newer releases of Node.js strip types themselves; a process that was started with tsx has it already. */
function readsTypeScript(): boolean {
  const features = process.features as { typescript?: unknown };
  return Boolean(features.typescript) || process.execArgv.some((argument) => argument.includes('tsx'));
}

/** tsx of the app first: it is the app that decides which one it is written for. */
async function readTypeScript(url: string): Promise<void> {
  for (const from of [url, import.meta.url]) {
    try {
      // What `node --import tsx` loads: it registers itself.
      return void (await import(pathToFileURL(createRequire(from).resolve('tsx')).href));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new TwolaneError(
    'app_unreadable',
    `Node.js ${process.version} can not read ${url}: npm install tsx, or compile it and name the JavaScript file`,
  );
}
