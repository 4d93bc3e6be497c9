/**
 * `npm start`: from a fresh clone to a running Twolane. Installs what is missing, starts the servers that no URL names,
 * builds the operator pages, runs the all-in-one process in the foreground and ends everything on Ctrl-C.
 * Options: --watch (restart on changes), --entry FILE and --folder FOLDER (another program, another place for data).
 */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { freeAddress, pageAt } from './run/address.ts';
import { stopApp, untilReady } from './run/app.ts';
import { credentials } from './run/credentials.ts';
import { repository, stackFolder } from './run/folder.ts';
import { greeting } from './run/greeting.ts';
import { keepAlive } from './run/keep-alive.ts';
import { keepApp } from './run/keep-app.ts';
import { buildWebBundle } from './run/web-bundle.ts';
import { type Stack, StackError, startStack } from './stack/index.ts';
import { installMissing } from './stack/install.ts';
import { publishAddress, refuseIfTaken } from './stack/lock.ts';

const { values: options } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    entry: { type: 'string', default: join(repository, 'workers', 'all-in-one.ts') },
    folder: { type: 'string', default: stackFolder },
  },
});
const folder = resolve(options.folder);

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

async function main(): Promise<void> {
  const startedAt = Date.now();
  refuseIfTaken(folder);
  const address = await freeAddress(process.env);
  await installMissing('start', process.env);
  console.log('Starting what is missing of PostgreSQL, Redis and RabbitMQ …');
  starting = startStack({ folder, environment: process.env });
  const [stack] = await Promise.all([starting, buildWebBundle(repository)]);
  if (ending !== undefined) return;
  for (const server of stack.servers) keepAlive(server, (why) => void shutDown(why, 1));
  const entry = { entry: resolve(options.entry), watch: options.watch };
  kept = keepApp(
    { ...entry, folder, urls: stack.urls, address, credentials: credentials(folder, process.env) },
    { onEnd: (why) => void shutDown(why, 1), ending: () => ending !== undefined },
  );
  const { app } = kept;
  publishAddress(folder, pageAt(address, address.port));
  await untilReady(app, address, () => ending);
  const seconds = (Date.now() - startedAt) / 1000;
  console.log(greeting(address, app.welcomeToken, !process.env.TWOLANE_OPERATOR_PASSWORD, seconds));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
await main().catch((error: Error) =>
  shutDown(error instanceof StackError ? error.message : `Twolane did not start: ${error.message}`, 1),
);
