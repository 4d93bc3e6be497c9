/** `twolane operations`: changes to many jobs that are under way or over. */
import type { AddCommand } from '../commands.ts';
import { followOperation, operationColumns, operationInFull } from '../operation.ts';
import { printJson, printList } from '../output/print.ts';
import { clientOf, limited, remote } from '../remote.ts';

export const operationsCommand: AddCommand = (program, terminal) => {
  const operations = program.command('operations').description('Redrives, discards and cancels of many jobs');
  limited(remote(operations.command('list').description('Operations, the newest first'))).action((options) => {
    const limit = Math.min(options.limit + 1, 500);
    const all = clientOf(terminal, options).each('/v1/operations', { params: { query: { limit } } });
    const { json } = options;
    return printList(terminal, all, {
      json,
      columns: operationColumns,
      empty: 'There was none yet.',
      limit: options.limit,
    });
  });
  remote(operations.command('follow').description('Watch one until it is over; exit code 1 when it stops early'))
    .argument('<id>')
    .action((id: string, options) => followOperation(terminal, clientOf(terminal, options), id, options.json));
  const one = { show: 'One with its stages', abort: 'Let it move no further job', undo: 'Take a discard back' };
  for (const [name, description] of Object.entries(one))
    remote(operations.command(name).description(description))
      .argument('<id>')
      .action(async (id: string, options) => {
        const client = clientOf(terminal, options);
        const path = { params: { path: { id } } };
        const calls = {
          show: () => client.get('/v1/operations/{id}', path),
          abort: () => client.delete('/v1/operations/{id}', path),
          undo: () => client.post('/v1/operations/{id}/undo', path),
        };
        const operation = await calls[name as keyof typeof calls]();
        if (options.json) printJson(terminal, operation);
        else terminal.out(operationInFull(operation, terminal));
      });
};
