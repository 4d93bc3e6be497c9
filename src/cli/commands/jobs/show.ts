/** `twolane jobs show`: everything about one job. */
import type { AddCommand } from '../../commands.ts';
import { jobInFull } from '../../output/jobs.ts';
import { printJson } from '../../output/print.ts';
import { clientOf, remote } from '../../remote.ts';

export const showCommand: AddCommand = (jobs, terminal) => {
  remote(jobs.command('show').description('One job: its state, attempts, payload and result'))
    .argument('<id>')
    .action(async (id: string, options) => {
      const job = await clientOf(terminal, options).job(id);
      if (options.json) printJson(terminal, job);
      else terminal.out(jobInFull(job, terminal));
    });
};
