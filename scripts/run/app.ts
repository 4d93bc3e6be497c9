/** The all-in-one process as a child: started with its environment filled in, asked until it is ready, stopped first. */
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { end, isAlive, launch } from '../stack/launch.ts';
import type { StackUrls } from '../stack/program.ts';
import { newSecret } from '../stack/secrets.ts';
import { untilAnswer } from '../stack/wait.ts';
import { type Address, pageAt } from './address.ts';
import type { Credentials } from './credentials.ts';
import { repository } from './folder.ts';

const readyTimeoutMs = 60_000;
/** A little more than the process itself allows its running jobs (TWOLANE_DRAIN_MS, 25 s). */
const stopPatienceMs = 30_000;

export interface AppOptions {
  entry: string;
  /** Its arguments. Default none. */
  args?: readonly string[];
  /** Where it runs. Default: the top of this package. */
  cwd?: string;
  /** Restart it when a file that it has loaded changes. */
  watch?: boolean;
  folder: string;
  urls: StackUrls;
  address: Address;
  credentials: Credentials;
}

export interface App {
  child: ChildProcess;
  /** Lets the first visitor upload without signing in, once. */
  welcomeToken: string;
}

export function startApp(options: AppOptions, welcomeToken: string = newSecret()): App {
  const { entry, args = [], cwd = repository } = options;
  const environment = environmentOf(options, welcomeToken);
  const child = launch({ program: process.execPath, args: [...loaderOf(options), entry, ...args], environment, cwd });
  return { child, welcomeToken };
}

/** What Node.js needs to run the program; nothing after a build. */
function loaderOf({ entry, watch }: AppOptions): string[] {
  if (watch) return [join(repository, 'node_modules', 'tsx', 'dist', 'cli.mjs'), 'watch', '--clear-screen=false'];
  return entry.endsWith('.ts') ? ['--import', import.meta.resolve('tsx')] : [];
}

function environmentOf({ folder, urls, address, credentials }: AppOptions, token: string): Record<string, string> {
  return {
    ...urls,
    PORT: String(address.port),
    ...(address.opsPort !== address.port && { OPS_PORT: String(address.opsPort) }),
    TWOLANE_API_KEY: credentials.apiKey,
    TWOLANE_OPERATOR_PASSWORD: credentials.operatorPassword,
    TWOLANE_WELCOME_TOKEN: token,
    TWOLANE_DEMO: process.env.TWOLANE_DEMO || String(process.env.TWOLANE_ENV !== 'production'),
    TWOLANE_FILES_DIR: process.env.TWOLANE_FILES_DIR || join(folder, 'files'),
    // File and image work waits in this pool: the default of 4 threads would let uploads wait for each other.
    UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE || '16',
  };
}

/** Waits until `GET /readyz` answers 200. @throws Error with its last answer, or when `givenUp` gives a reason. */
export async function untilReady(app: App, address: Address, givenUp: () => string | undefined): Promise<void> {
  await untilAnswer(() => askReady(address), {
    timeoutMs: readyTimeoutMs,
    everyMs: 100,
    hopeless: () => givenUp() ?? (isAlive(app.child) ? undefined : 'its process ended, see above'),
  });
}

async function askReady(address: Address): Promise<void> {
  const response = await fetch(`${pageAt(address, address.port)}/readyz`, { signal: AbortSignal.timeout(5_000) });
  const body = await response.text();
  if (response.status !== 200) throw new Error(`/readyz answers ${response.status} ${body.slice(0, 500)}`);
}

/** SIGTERM, time for the running jobs, SIGKILL. */
export async function stopApp(app: App): Promise<void> {
  await end(app.child, 'SIGTERM', stopPatienceMs);
}
