/**
 * From nothing to a running Twolane: installs what is missing, starts the servers that no URL names, builds the operator
 * pages where they are sources, runs the all-in-one process as a child and ends everything on Ctrl-C.
 */
import { type Stack, StackError, startStack } from '../stack/index.ts';
import { installMissing } from '../stack/install.ts';
import { publishAddress, refuseIfTaken } from '../stack/lock.ts';
import { freeAddress, pageAt } from './address.ts';
import { stopApp, untilReady } from './app.ts';
import { credentials } from './credentials.ts';
import { repository } from './folder.ts';
import { greeting } from './greeting.ts';
import { keepAlive } from './keep-alive.ts';
import { keepApp } from './keep-app.ts';
import { buildWebBundle } from './web-bundle.ts';

export interface StartOptions {
  /** The program that is Twolane, absolute: one process with every role. */
  entry: string;
  /** Its arguments. Default none. */
  args?: readonly string[];
  /** Where it runs. Default: the top of this package. */
  cwd?: string;
  /** Restart it when a file that it has loaded changes. */
  watch?: boolean;
  /** Keeps data of the private servers, files and first credentials; absolute. */
  folder: string;
  environment: Readonly<Record<string, string | undefined>>;
}

let kept: ReturnType<typeof keepApp> | undefined;
let starting: Promise<Stack> | undefined;
/** Why everything is being ended; set once. */
let ending: string | undefined;

/** Ends the process first, so that its jobs can finish, then every server. */
async function shutDown(why: string, exitCode: number): Promise<void> {
  if (ending !== undefined) return;
  ending = why;
  console.error(why);
  process.exitCode = exitCode;
  if (kept) await stopApp(kept.app);
  const stack = await starting?.catch(() => undefined);
  await stack?.stop();
  process.exit();
}

/** npm and the terminal may both pass the same Ctrl-C on, so a second one counts only after a moment. */
function onSignal(): void {
  if (ending === undefined) {
    signalledAt = Date.now();
    void shutDown('\nStopping: running jobs first, then the servers. Ctrl-C again stops at once.', 0);
  } else if (Date.now() - signalledAt > 500) {
    kept?.app.child.kill('SIGKILL');
    void starting?.then((stack) => stack.servers.map((server) => server.kill()));
  }
}
let signalledAt = 0;

async function bringUp(options: StartOptions): Promise<void> {
  const { folder, environment } = options;
  const startedAt = Date.now();
  refuseIfTaken(folder);
  const address = await freeAddress(environment);
  await installMissing('start', environment);
  console.log('Starting what is missing of PostgreSQL, Redis and RabbitMQ …');
  starting = startStack({ folder, environment });
  const [stack] = await Promise.all([starting, buildWebBundle(repository)]);
  if (ending !== undefined) return;
  for (const server of stack.servers) keepAlive(server, (why) => void shutDown(why, 1));
  kept = keepApp(
    { ...options, urls: stack.urls, address, credentials: credentials(folder, environment) },
    { onEnd: (why) => void shutDown(why, 1), ending: () => ending !== undefined },
  );
  const { app } = kept;
  publishAddress(folder, pageAt(address, address.port));
  await untilReady(app, address, () => ending);
  const seconds = (Date.now() - startedAt) / 1000;
  console.log(greeting(address, app.welcomeToken, !environment.TWOLANE_OPERATOR_PASSWORD, seconds));
}

/** Resolves when all is up, or when it has given up and the process is ending; then it goes on until a signal comes. */
export async function start(options: StartOptions): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  await bringUp(options).catch((error: Error) =>
    shutDown(error instanceof StackError ? error.message : `Twolane did not start: ${error.message}`, 1),
  );
}
