/** Waiting for a job with a progress bar, and what its end means for the exit code. */
import type { components, JobEvent, TwolaneClient } from '../client/index.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { pretty, printJson } from './output/print.ts';
import { progressOn } from './output/progress.ts';
import { stateIn, styleOf } from './output/style.ts';
import { duration } from './output/time.ts';
import { oneLine } from './output/width.ts';
import type { Terminal } from './terminal.ts';

/**
 * Shows every change of the job until it has ended: each event as a line of JSON, or the states as lines with the progress
 * beside them, and the result at last.
 * @throws CommandError when it did not succeed
 */
export async function followToTheEnd(
  terminal: Terminal,
  client: TwolaneClient,
  id: string,
  json = false,
): Promise<void> {
  const style = styleOf(terminal);
  const bar = progressOn(terminal);
  let state: string | undefined;
  try {
    for await (const event of client.follow(id, { signal: terminal.interrupted() })) {
      if (json) printJson(terminal, event);
      else if (event.state !== state) {
        bar.end();
        terminal.out(`${id}  ${stateIn(style, event.state)}\n`);
      }
      state = event.state;
      if (!json) bar.show(shareOf(event), event.progress?.note ?? event.state);
    }
  } finally {
    bar.end();
  }
  const job = await client.job(id);
  if (!json) tellEnd(terminal, job);
  if (job.state !== 'succeeded') throw new CommandError('', exitCodes.failed);
}

const shareOf = ({ progress }: JobEvent) => (progress ? progress.percent / 100 : undefined);

function tellEnd(
  terminal: Terminal,
  { startedAt, finishedAt, result, error, reason, id }: components['schemas']['Job'],
) {
  if (result !== null && result !== undefined) terminal.out(`${pretty(result)}\n`);
  if (error) terminal.err(`${error.name}: ${oneLine(error.message)}. \`twolane jobs show ${id}\` has the stack.\n`);
  else if (reason) terminal.err(`It was cancelled: ${reason}.\n`);
  if (startedAt && finishedAt) terminal.err(`It took ${duration(Date.parse(finishedAt) - Date.parse(startedAt))}.\n`);
}
