/** A private PostgreSQL: loopback, scram passwords, UTF-8, no Unix socket. */
import { execFile, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { isExecutable, onPath, versionedFolders } from './find.ts';
import { type Command, commandLine } from './launch.ts';
import { commandOf } from './processes.ts';
import { type Answer, type Place, type ServerProgram, StackError } from './program.ts';
import { readIfThere } from './secrets.ts';

export const postgres: ServerProgram = {
  name: 'postgres',
  title: 'PostgreSQL',
  urlName: 'DATABASE_URL',
  minimum: '15',
  stopSignal: 'SIGINT',
  find: () => binFolders()[0]?.folder,
  prepare,
  command: (place) => command(place, 'postgres', serverArguments(place)),
  url: ({ ports, password }) => `postgres://postgres:${password}@127.0.0.1:${ports[0]}/postgres`,
  ask,
  isBusyWith: (output) => /shared memory block.*still in use|lock file ".*" already exists/.test(output),
};

/** Every installed version, newest first; Debian and Homebrew both keep the server's programs off the PATH. */
function binFolders(): { version: string; folder: string }[] {
  const packaged = [
    ...versionedFolders('/usr/lib/postgresql', '', 'bin'),
    ...versionedFolders('/opt/homebrew/opt', 'postgresql@', 'bin'),
    ...versionedFolders('/usr/local/opt', 'postgresql@', 'bin'),
  ].filter(({ folder }) => isExecutable(join(folder, 'postgres')) && isExecutable(join(folder, 'initdb')));
  const plain = packaged.length === 0 ? onPath('postgres') : undefined;
  return plain ? [{ version: '', folder: dirname(plain) }] : packaged;
}

/** Data of one major version can be read by that version only. */
function binFolderFor(data: string): string {
  const folders = binFolders();
  const major = readIfThere(join(data, 'PG_VERSION'))?.trim();
  const fitting = folders.find(({ version }) => major === undefined || version === '' || version === major);
  if (fitting) return fitting.folder;
  throw new StackError(
    major === undefined
      ? 'PostgreSQL is not installed.'
      : `The data in ${dirname(data)} was made by PostgreSQL ${major}, which is not installed any more. Install it, or delete that folder to start empty.`,
  );
}

/** PostgreSQL refuses to run as root: its own system user runs it then, and owns its folder. */
const systemUser = () => (process.getuid?.() === 0 ? 'postgres' : undefined);

function command(place: Place, program: string, args: string[]): Command {
  const user = systemUser();
  return {
    program: join(binFolderFor(place.data), program),
    args,
    cwd: place.folder,
    deathSignal: 'INT',
    ...(user && { user }),
  };
}

async function prepare(place: Place): Promise<void> {
  const passwordFile = join(place.folder, 'password');
  if (existsSync(join(place.data, 'PG_VERSION'))) return removeStrangersLock(place.data);
  mkdirSync(place.data, { recursive: true, mode: 0o700 });
  for (const path of [place.folder, place.data, passwordFile]) giveToSystemUser(path);
  const [program, ...args] = commandLine(command(place, 'initdb', initArguments(place, passwordFile)));
  await promisify(execFile)(program, args, { cwd: place.folder }).catch((error: Error & { stderr?: string }) => {
    throw new StackError(`PostgreSQL could not make its data folder:\n${error.stderr ?? error.message}`);
  });
}

/**
 * A killed server leaves its pid behind, and PostgreSQL does not start while any process has that pid: after a restart of
 * a container that is often a stranger. The lock of a server that still runs on this data stays.
 */
function removeStrangersLock(data: string): void {
  const lock = join(data, 'postmaster.pid');
  const holder = commandOf(Number(readIfThere(lock)?.split('\n')[0]));
  if (holder !== undefined && !holder.includes(data)) rmSync(lock);
}

function giveToSystemUser(path: string): void {
  const user = systemUser();
  if (!user) return;
  const id = (flag: string) => Number(spawnSync('id', [flag, user], { encoding: 'utf8' }).stdout);
  chownSync(path, id('-u'), id('-g'));
}

function initArguments({ data, sync }: Place, passwordFile: string): string[] {
  const common = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  return [...common, '-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions', ...(sync ? [] : ['--no-sync'])];
}

function serverArguments({ data, ports, sync }: Place): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    max_connections: '200',
    // Commits still reach the system before they are answered, so that a killed server forgets nothing.
    ...(!sync && { fsync: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', data, '-p', String(ports[0]), ...flags];
}

async function ask(url: string): Promise<Answer> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => client.end());
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return { version: rows[0]?.server_version ?? '' };
  } finally {
    await client.end();
  }
}
