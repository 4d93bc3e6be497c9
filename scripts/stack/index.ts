/** The local stack: real PostgreSQL, Redis and RabbitMQ for whoever has none, private to one folder, ended with the caller. */
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { checkGiven } from './given.ts';
import { takeFolder } from './lock.ts';
import { freePort } from './ports.ts';
import { postgres } from './postgres.ts';
import { type ServerName, type ServerProgram, StackError, type StackUrls } from './program.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { keptSecret } from './secrets.ts';
import { StackServer } from './server.ts';

export type { ServerName, StackUrls };
export { StackError, StackServer };

/** Every server of the stack, the slowest to start first. */
export const programs: readonly ServerProgram[] = [rabbitmq, postgres, redis];

export interface StackOptions {
  /** Holds the data; made when missing. */
  folder: string;
  /** Default: all three. */
  only?: readonly ServerName[];
  /** False makes it faster and forgets the last moments at a power cut. Default true. */
  sync?: boolean;
  /** `DATABASE_URL`, `REDIS_URL`, `AMQP_URL` in it name servers to use instead of private ones. */
  environment: Readonly<Record<string, string | undefined>>;
}

export interface Stack {
  /** Where every server is; those left out by `only` and not given are empty. */
  urls: StackUrls;
  /** Those that were started here; given ones can't be controlled. */
  servers: readonly StackServer[];
  /** One of them. @throws StackError when it was not started here. */
  server(name: ServerName): StackServer;
  /** Ends every server and lets go of the folder. */
  stop(): Promise<void>;
}

/**
 * Starts what is not given and waits until all of it answers.
 * @throws StackError with a message that names the cure; nothing is left running then.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.folder);
  // Others may pass through it (as root, PostgreSQL runs as its own user), not look into it.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const lock = takeFolder(folder);
  const wanted = programs.filter(({ name }) => options.only?.includes(name) ?? true);
  const given = wanted.filter(({ urlName }) => options.environment[urlName]);
  const servers: StackServer[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    lock.release();
  };
  try {
    for (const program of wanted) {
      if (!given.includes(program)) servers.push(await privateServer(program, folder, options.sync ?? true));
    }
    await allOrFirstError([
      ...given.map((program) => checkGiven(program, options.environment[program.urlName] ?? '')),
      ...servers.map((server) => server.start()),
    ]);
    const urls = urlsOf(servers, options.environment);
    lock.publish(urls);
    return { urls, servers, server: (name) => find(servers, name), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for all of them even when one fails, so that nothing is still starting when the failure is dealt with. */
async function allOrFirstError(started: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(started);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function privateServer(program: ServerProgram, folder: string, sync: boolean): Promise<StackServer> {
  if (program.find() === undefined) {
    throw new StackError(
      `${program.title} is not installed. Run \`npm run stack:install\`, or set ${program.urlName} to one of your own.`,
    );
  }
  const home = join(folder, program.name);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const ports = [await freePort(), await freePort(), await freePort()] as const;
  const password = keptSecret(join(home, 'password'));
  return new StackServer(program, { folder: home, data: join(home, 'data'), ports, password, sync });
}

function urlsOf(servers: readonly StackServer[], environment: StackOptions['environment']): StackUrls {
  const url = ({ name, urlName }: ServerProgram) =>
    servers.find((server) => server.name === name)?.url ?? environment[urlName] ?? '';
  return { DATABASE_URL: url(postgres), REDIS_URL: url(redis), AMQP_URL: url(rabbitmq) };
}

function find(servers: readonly StackServer[], name: ServerName): StackServer {
  const server = servers.find((one) => one.name === name);
  if (!server) throw new StackError(`The stack did not start ${name}: its URL was given.`);
  return server;
}
