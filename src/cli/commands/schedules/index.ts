/** `twolane schedules`: what is enqueued when. */
import type { AddCommand } from '../../commands.ts';
import { printJson, printList } from '../../output/print.ts';
import { scheduleColumns, scheduleInFull } from '../../output/schedules.ts';
import { clientOf, remote } from '../../remote.ts';
import { setCommand } from './set.ts';

export const schedulesCommand: AddCommand = (program, terminal) => {
  const schedules = program.command('schedules').description('What is enqueued when; make, run, pause or delete it');
  remote(schedules.command('list').description('Every schedule, by name')).action((options) => {
    const all = clientOf(terminal, options).each('/v1/schedules', { params: { query: { limit: 500 } } });
    return printList(terminal, all, { json: options.json, columns: scheduleColumns, empty: 'There are no schedules.' });
  });
  setCommand(schedules, terminal);
  remote(schedules.command('delete').description('Remove a schedule; its jobs stay'))
    .argument('<name>')
    .action(async (name: string, options) => {
      const client = clientOf(terminal, options);
      const path = { params: { path: { name } } };
      await client.delete('/v1/schedules/{name}', path);
      if (!options.json) terminal.out(`${name}  deleted\n`);
    });
  remote(schedules.command('run').description('Enqueue its job now, also of a paused one'))
    .argument('<name>')
    .action(async (name: string, options) => {
      const job = await clientOf(terminal, options).post('/v1/schedules/{name}/run', { params: { path: { name } } });
      if (options.json) printJson(terminal, job);
      else terminal.out(`${job.id}  ${job.state}\n`);
    });
  const one = { show: 'One with its next runs', pause: 'Let no further slot run', resume: 'Go on with the next slot' };
  for (const [action, description] of Object.entries(one))
    remote(schedules.command(action).description(description))
      .argument('<name>')
      .action(async (name: string, options) => {
        const client = clientOf(terminal, options);
        const path = { params: { path: { name } } };
        const calls = {
          show: () => client.get('/v1/schedules/{name}', path),
          pause: () => client.post('/v1/schedules/{name}/pause', path),
          resume: () => client.post('/v1/schedules/{name}/resume', path),
        };
        const schedule = await calls[action as keyof typeof calls]();
        if (options.json) printJson(terminal, schedule);
        else terminal.out(scheduleInFull(schedule, terminal));
      });
};
