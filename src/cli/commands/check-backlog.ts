/** `twolane check-backlog`: can this release read what waits? For the moment before it is rolled out. */
import { countBacklog } from '../../ledger/backlog.ts';
import { openApp, withApp } from '../app.ts';
import type { BacklogReport } from '../backlog.ts';
import type { AddCommand } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { printList } from '../output/print.ts';
import { progressOn } from '../output/progress.ts';
import type { Column } from '../output/table.ts';
import { count } from '../output/time.ts';
import type { Terminal } from '../terminal.ts';

const columns: readonly Column<BacklogReport>[] = [
  { title: 'TYPE', of: ({ type }) => type, least: 12 },
  { title: 'VERSION', of: ({ version }) => version, right: true },
  { title: 'JOBS', of: ({ jobs }) => count(jobs), right: true },
  {
    title: 'UNREADABLE',
    of: ({ unreadable }) => count(unreadable),
    right: true,
    style: (text, style, { unreadable }) => (unreadable ? style.bad(text) : style.good(text)),
  },
  { title: 'SAMPLE', of: ({ sampleId }) => sampleId, spare: 1 },
  { title: 'WHY', of: ({ why }) => why, least: 20 },
];

interface CheckOptions {
  app?: string;
  dead?: boolean;
  json?: boolean;
}

export const checkBacklogCommand: AddCommand = (program, terminal) => {
  withApp(program.command('check-backlog'))
    .description('Read every waiting payload with the present code; exit code 1 when it could not read some')
    .option('--dead', 'the payloads of dead jobs too')
    .option('--json', 'a line of JSON for each type and version')
    .action(async (options: CheckOptions) => {
      const reports = await check(terminal, options);
      await printList(terminal, reports, { json: options.json, columns, empty: 'No job waits.' });
      const unreadable = reports.reduce((sum, report) => sum + report.unreadable, 0);
      if (unreadable)
        throw new CommandError(
          `${count(unreadable)} payloads can't be read by this code. Give their types an upcaster or a wider schema ` +
            '(docs/jobs.md, "Versions"), or keep workers of the release that can.',
        );
    });
};

async function check(terminal: Terminal, { app, dead = false }: CheckOptions): Promise<BacklogReport[]> {
  const bar = progressOn(terminal);
  const twolane = await openApp(terminal, { app, name: 'check-backlog', logLevel: 'warn' });
  const { checkBacklog } = await import('../backlog.ts');
  const signal = terminal.interrupted();
  try {
    const all = await countBacklog(twolane.database, dead);
    const told = (read: number) => bar.show(all ? read / all : undefined, `${count(read)} of ${count(all)} payloads`);
    return await checkBacklog(twolane, { dead, signal }, told);
  } catch (error) {
    if (signal.aborted) throw new CommandError('Interrupted.', exitCodes.interrupted);
    throw error;
  } finally {
    bar.end();
    await twolane.close();
  }
}
