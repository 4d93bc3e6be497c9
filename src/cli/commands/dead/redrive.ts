/** `twolane dead redrive` and `discard`: one operation on all dead jobs of a filter, watched to its end. */
import { createInterface } from 'node:readline/promises';
import type { components, TwolaneClient } from '../../../client/index.ts';
import type { AddCommand } from '../../commands.ts';
import { exitCodes } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { filtered, filterOf, type JobFilterOptions } from '../../job-filter.ts';
import { followOperation, type Operation } from '../../operation.ts';
import { list } from '../../options.ts';
import { jobColumns } from '../../output/jobs.ts';
import { printJson } from '../../output/print.ts';
import { tableOf } from '../../output/table.ts';
import { count } from '../../output/time.ts';
import { clientOf, remote } from '../../remote.ts';
import type { Terminal } from '../../terminal.ts';

type Preview = components['schemas']['OperationPreview'];
type Request = components['schemas']['NewOperation'];

const descriptions = {
  redrive: 'Put dead jobs back in stages; it stops by itself when they die again',
  discard: 'Give dead jobs up; `operations undo` brings them back for 15 minutes',
} as const;

export const redriveCommands = (['redrive', 'discard'] as const).map(
  (action): AddCommand =>
    (dead, terminal) => {
      const command = filtered(remote(dead.command(action).description(descriptions[action])))
        .option('--error <text>', 'whose error message begins like this')
        .option('--dry-run', 'only say which jobs')
        .option('-y, --yes', 'do not ask')
        .option('--no-wait', 'print the operation and do not wait for its end');
      if (action === 'discard')
        command.option('--for-good', "can't be undone; jobs that wait for them hear of it at once");
      else
        command
          .option('--stages <sizes>', 'jobs per stage, such as 1,10,10%,all', list)
          .option('--stop-above <share>', 'stop when more than this share of a stage is dead again, 0 to 1', Number);
      command.action(async (options) => {
        const client = clientOf(terminal, options);
        const request = requestOf(action, options);
        const preview = (await client.post('/v1/operations', { body: { ...request, dryRun: true } })) as Preview;
        if (options.dryRun) return tellPreview(terminal, preview, options.json);
        if (preview.matched === 0) throw new CommandError('No dead job fits; nothing was done.', exitCodes.notFound);
        if (!options.yes) await confirm(terminal, `${action} ${countOf(preview)} dead jobs`);
        await start(terminal, client, request, options);
      });
    },
);

interface RedriveOptions extends JobFilterOptions {
  error?: string;
  forGood?: boolean;
  stages?: string[];
  stopAbove?: number;
}

function requestOf(action: Request['action'], options: RedriveOptions): Request {
  const { forGood, stages, stopAbove, error } = options;
  const filter = { ...filterOf(options), ...(error && { error }) };
  if (Object.keys(filter).length === 0)
    throw new CommandError('Which jobs? Name a --fingerprint, a --type or another filter.', exitCodes.usage);
  const sizes = stages?.map((size) => (/^\d+$/.test(size) ? Number(size) : size));
  return {
    action,
    filter,
    dryRun: false,
    ...(forGood && { forGood }),
    ...(sizes && { stages: sizes }),
    ...(stopAbove !== undefined && { stopAbove }),
  };
}

async function start(
  terminal: Terminal,
  client: TwolaneClient,
  request: Request,
  { wait, json }: { wait: boolean; json?: boolean },
): Promise<void> {
  const operation = (await client.post('/v1/operations', { body: request })) as Operation;
  if (wait) return followOperation(terminal, client, operation.id, json);
  if (json) printJson(terminal, operation);
  else terminal.out(`${operation.id}  ${operation.status}\n`);
}

const countOf = ({ matched, capped }: Preview) => `${capped ? 'at least ' : ''}${count(matched)}`;

function tellPreview(terminal: Terminal, preview: Preview, json: boolean | undefined): void {
  if (json) printJson(terminal, preview);
  else tellSamples(terminal, preview);
}

function tellSamples(terminal: Terminal, preview: Preview): void {
  terminal.out(`${countOf(preview)} dead jobs fit.\n`);
  if (preview.samples.length) terminal.out(`\n${tableOf(preview.samples, jobColumns, terminal)}`);
}

/** @throws CommandError when the answer is no, or nobody can be asked */
async function confirm(terminal: Terminal, what: string): Promise<void> {
  if (!terminal.interactive) throw new CommandError(`This would ${what}; --yes says that it may.`, exitCodes.usage);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await lines.question(`Really ${what}? [y/N] `).finally(() => lines.close());
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was done.', exitCodes.refused);
}
