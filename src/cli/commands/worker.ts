/** `twolane worker`: a process that runs jobs. */
import { Option } from 'commander';
import { laneNames } from '../../contract/words.ts';
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { list, port, whole } from '../options.ts';
import { startRole } from '../roles.ts';

export const workerCommand: AddCommand = (program, terminal) => {
  withApp(program.command('worker'))
    .description('Run a worker: of both lanes, of one, or of some of its queues')
    .addOption(new Option('--lane <lane>', 'one lane only').choices(laneNames))
    .option('--queues <names>', 'these queues only, divided by commas', list)
    .option('--concurrency <jobs>', 'jobs at once on each queue', whole())
    .option('--total <jobs>', 'jobs at once over all queues (TWOLANE_WORKER_CONCURRENCY)', whole())
    .option('--health-port <port>', 'port of /healthz and /readyz (HEALTH_PORT)', port)
    .action(({ lane, queues, concurrency, total, ...options }) =>
      startRole(terminal, 'worker', options, { lane, queues, concurrency, total }),
    );
};
