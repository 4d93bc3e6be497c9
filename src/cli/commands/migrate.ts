/** `twolane migrate`: brings the tables up to date before a release, as every process does when it starts. */
import { openApp, withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';

export const migrateCommand: AddCommand = (program, terminal) => {
  withApp(program.command('migrate'))
    .description('Bring the tables up to date; every process does so too when it starts')
    .action(async ({ app }: { app?: string }) => {
      const twolane = await openApp(terminal, { app, name: 'migrate', logLevel: 'warn' });
      const applied = await twolane.migrate().finally(() => twolane.close());
      for (const name of applied) terminal.out(`${name}\n`);
      terminal.out(applied.length ? `${applied.length} migrations applied.\n` : 'The tables are up to date.\n');
    });
};
