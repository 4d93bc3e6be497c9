/** `twolane jobs follow`: one job until it has ended. */
import type { AddCommand } from '../../commands.ts';
import { followToTheEnd } from '../../following.ts';
import { clientOf, remote } from '../../remote.ts';

export const followCommand: AddCommand = (jobs, terminal) => {
  remote(jobs.command('follow').description('Watch a job until it has ended; exit code 1 unless it succeeds'))
    .argument('<id>')
    .action((id: string, options) => followToTheEnd(terminal, clientOf(terminal, options), id, options.json));
};
