/** `twolane scheduler`: dispatchers, timers, schedules and the search for lost jobs. */
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { port } from '../options.ts';
import { startRole } from '../roles.ts';

export const schedulerCommand: AddCommand = (program, terminal) => {
  withApp(program.command('scheduler'))
    .description('Run a scheduler: dispatches queues, wakes delayed jobs, fires schedules; two of them are enough')
    .option('--health-port <port>', 'port of /healthz and /readyz (HEALTH_PORT)', port)
    .action((options) => startRole(terminal, 'scheduler', options));
};
