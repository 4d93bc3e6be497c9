/** `twolane operators`: the people who log in to the operator pages, their roles and passwords. */
import { randomBytes } from 'node:crypto';
import { type Command, Option } from 'commander';
import { silentLogger } from '../../contract/index.ts';
import { type Role, roleNames } from '../../contract/permissions.ts';
import { audited } from '../../http/audit.ts';
import {
  addOperator,
  changeOperator,
  listOperators,
  type OperatorView,
  removeOperator,
} from '../../http/auth/operators.ts';
import { withApp, withDatabase } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { printJson, printList } from '../output/print.ts';
import type { Column } from '../output/table.ts';
import { ago } from '../output/time.ts';
import type { Terminal } from '../terminal.ts';

const columns: readonly Column<OperatorView>[] = [
  { title: 'NAME', of: ({ name }) => name, least: 10 },
  { title: 'ROLE', of: ({ role }) => role },
  { title: 'SEEN', of: ({ seenAt }) => ago(seenAt) ?? 'no session' },
  { title: 'MADE', of: ({ createdAt }) => ago(createdAt), spare: 1 },
];

interface Given {
  app?: string;
  json?: boolean;
  role?: Role;
  newPassword?: boolean;
}

const shared = (command: Command) => withApp(command).option('--json', 'JSON for programs');
const roleOption = () => new Option('--role <role>', 'what the operator may do').choices([...roleNames]);

export const operatorsCommand: AddCommand = (program, terminal) => {
  const operators = program.command('operators').description('The people who log in to the operator pages');
  shared(operators.command('list').description('All of them, with their roles')).action(({ app, json }: Given) =>
    withDatabase(terminal, app, async (database) => {
      const items = await listOperators(database);
      await printList(terminal, items, { json, columns, empty: 'There is no operator yet.' });
    }),
  );
  shared(operators.command('add').description('Make an operator; the password is made up and shown once'))
    .argument('<name>')
    .addOption(roleOption().makeOptionMandatory())
    .action((name: string, given: Given) => change(terminal, 'add', name, given));
  shared(
    operators.command('set').description('Another role, a new password, or both; ends every session of the operator'),
  )
    .argument('<name>')
    .addOption(roleOption())
    .option('--new-password', 'make one up and show it once')
    .action((name: string, given: Given) => change(terminal, 'set', name, given));
  shared(operators.command('remove').description('Remove an operator, who is let go at once'))
    .argument('<name>')
    .action((name: string, given: Given) => change(terminal, 'remove', name, given));
};

function change(terminal: Terminal, what: 'add' | 'set' | 'remove', name: string, given: Given): Promise<void> {
  const { app, json, role, newPassword } = given;
  const password = what === 'add' || newPassword ? randomBytes(15).toString('base64url') : undefined;
  return withDatabase(terminal, app, async (db) => {
    const work = {
      add: () => addOperator(db, { name, role: role ?? 'viewer', password: password ?? '' }),
      set: () => changeOperator(db, name, { role, password }),
      remove: () => removeOperator(db, name),
    }[what];
    const detail = { ...(role && { role }), ...(password !== undefined && { password: true }) };
    const entry = { actor: 'command line', action: `operator.${what}`, target: `operator:${name}`, detail };
    await audited({ db, logger: silentLogger }, entry, work);
    if (json) return printJson(terminal, { name, ...(role && { role }), ...(password !== undefined && { password }) });
    terminal.out(
      password === undefined ? `${name}  ${what === 'remove' ? 'removed' : (role ?? '')}\n` : `${password}\n`,
    );
  });
}
