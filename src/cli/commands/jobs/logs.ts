/** `twolane jobs logs`: what the handler of a job wrote. */
import { finalStates, type TwolaneClient } from '../../../client/index.ts';
import type { AddCommand } from '../../commands.ts';
import { printJson } from '../../output/print.ts';
import { styleOf } from '../../output/style.ts';
import { oneLine } from '../../output/width.ts';
import { clientOf, remote } from '../../remote.ts';

const pollMs = 500;
const page = 500;

export const logsCommand: AddCommand = (jobs, terminal) => {
  const style = styleOf(terminal);
  remote(jobs.command('logs').description('The log lines of a job, oldest first'))
    .argument('<id>')
    .option('-f, --follow', 'wait for more until the job has ended')
    .action(async (id: string, options) => {
      const client = clientOf(terminal, options);
      for await (const line of linesOf(client, id, options.follow)) {
        const { at, attempt, message, fields } = line;
        if (options.json) printJson(terminal, line);
        else {
          const rest = fields && Object.keys(fields).length ? ` ${style.dim(JSON.stringify(fields))}` : '';
          terminal.out(`${style.dim(`${at.slice(11, 23)} #${attempt}`)} ${oneLine(message)}${rest}\n`);
        }
      }
    });
};

/** All lines; with `follow` those too that are written until the job has ended. */
async function* linesOf(client: TwolaneClient, id: string, follow: boolean | undefined) {
  let seen = 0;
  for (;;) {
    // Asked before the lines, so that none is missed that came before the end.
    const over = !follow || finalStates.has((await client.job(id)).state);
    let at = 0;
    for await (const line of client.each('/v1/jobs/{id}/logs', { params: { path: { id }, query: { limit: page } } })) {
      at += 1;
      if (at > seen) yield line;
    }
    seen = at;
    if (over) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
