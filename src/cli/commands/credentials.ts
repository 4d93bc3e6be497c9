/** `twolane credentials`: the first credentials of the installation that runs from this folder, and API keys beside them. */
import type { Command } from 'commander';
import { keptCredentials } from '../../../scripts/run/credentials.ts';
import { runningUrls } from '../../../scripts/stack/lock.ts';
import { silentLogger, TwolaneError } from '../../contract/index.ts';
import { audited } from '../../http/audit.ts';
import { type ApiKey, addApiKey, listApiKeys, removeApiKey, rotateApiKey } from '../../http/auth/keys.ts';
import type { Twolane } from '../../twolane.ts';
import { withApp, withDatabase } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { list, whole } from '../options.ts';
import { printJson, printList } from '../output/print.ts';
import type { Column } from '../output/table.ts';
import { ago, milliseconds } from '../output/time.ts';
import { stackFolder } from '../servers.ts';
import type { Terminal } from '../terminal.ts';

const dayMs = 24 * 60 * 60_000;

const columns: readonly Column<ApiKey>[] = [
  { title: 'NAME', of: ({ name }) => name, least: 10 },
  { title: 'SCOPES', of: ({ scopes }) => scopes.join(','), least: 10 },
  { title: 'TENANT', of: ({ tenant }) => tenant ?? 'all' },
  { title: 'PER MINUTE', of: ({ ratePerMinute }) => ratePerMinute ?? 'any', right: true, spare: 2 },
  { title: 'MADE', of: ({ createdAt }) => ago(createdAt), spare: 1 },
  { title: 'USED', of: ({ usedAt }) => ago(usedAt) ?? 'never', spare: 1 },
  { title: 'EXPIRES', of: ({ expiresAt }) => ago(expiresAt) ?? 'never' },
];

export const credentialsCommand: AddCommand = (program, terminal) => {
  const credentials = program
    .command('credentials')
    .description('Print the API key and password that the first start has made; make, list, rotate and remove API keys')
    .action(() => printFirst(terminal));
  addKey(credentials, terminal);
  rotateKey(credentials, terminal);
  onKeys(credentials.command('list').description('API keys, without their values')).action(
    (options: { app?: string; json?: boolean }) =>
      withDatabase(terminal, options.app, async (database) => {
        const items = await listApiKeys(database);
        await printList(terminal, items, { json: options.json, columns, empty: 'There is no key yet.' });
      }),
  );
  onKeys(credentials.command('remove').description('Remove an API key; within 5 s nobody takes it any more'))
    .argument('<name>')
    .action((name: string, { app, json }: { app?: string; json?: boolean }) =>
      withDatabase(terminal, app, async (database) => {
        await noted(database, 'remove', name, async () => {
          if (await removeApiKey(database, name)) return;
          throw new TwolaneError('not_found', `There is no key "${name}".`);
        });
        if (json) printJson(terminal, { name, removed: true });
        else terminal.out(`${name}  removed\n`);
      }),
    );
};

const onKeys = (command: Command) => withApp(command).option('--json', 'JSON for programs');

function addKey(credentials: Command, terminal: Terminal): void {
  onKeys(credentials.command('add').description('Make an API key; its value is shown once'))
    .argument('<name>')
    .requiredOption('--scopes <list>', 'what it may do, such as jobs:write,media:*; * for everything', list)
    .option('--tenant <name>', 'it reaches what is of this tenant and nothing else')
    .option('--expires <duration>', 'such as 90d; default: never', milliseconds)
    .option('--rate <calls>', 'calls a minute, at all processes together; default: no limit', whole())
    .action((name: string, { app, json, scopes, tenant, expires, rate }) =>
      withDatabase(terminal, app, async (database) => {
        const given = { name, scopes, tenant, lifetimeMs: expires, ratePerMinute: rate };
        const key = await noted(database, 'add', name, () => addApiKey(database, given));
        if (json) printJson(terminal, { name, scopes, tenant: tenant ?? null, key });
        else terminal.out(`${key}\n`);
      }),
    );
}

function rotateKey(credentials: Command, terminal: Terminal): void {
  onKeys(credentials.command('rotate').description('Give an API key a new value, shown once'))
    .argument('<name>')
    .option('--overlap <duration>', 'how long the value before works along', milliseconds, dayMs)
    .action((name: string, { app, json, overlap }) =>
      withDatabase(terminal, app, async (database) => {
        const key = await noted(database, 'rotate', name, () => rotateApiKey(database, name, overlap));
        if (json) printJson(terminal, { name, key });
        else terminal.out(`${key}\n`);
      }),
    );
}

/** With a line in the audit. */
function noted<T>(db: Twolane['database'], what: string, name: string, work: () => Promise<T>): Promise<T> {
  const entry = { actor: 'command line', action: `key.${what}`, target: `api-key:${name}` };
  return audited({ db, logger: silentLogger }, entry, work);
}

function printFirst(terminal: Terminal): void {
  const folder = stackFolder(terminal);
  const { apiKey, operatorPassword } = keptCredentials(folder);
  if (!apiKey || !operatorPassword)
    throw new CommandError('There are no credentials here yet: `npm start` makes them.', exitCodes.notFound);
  const lines = { 'API key': apiKey, Operator: 'admin', Password: operatorPassword, ...runningUrls(folder) };
  for (const [name, value] of Object.entries(lines)) terminal.out(`${name.padEnd(14)}${value}\n`);
}
