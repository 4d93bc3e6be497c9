/** `twolane jobs cancel`, `retry`, `discard` and `restore`: what may be done to single jobs. */
import type { Command } from 'commander';
import type { Answer, TwolaneClient } from '../../../client/index.ts';
import type { AddCommand } from '../../commands.ts';
import { exitCodes } from '../../exit-codes.ts';
import { CommandError, tellFailure } from '../../failure.ts';
import { jsonArgument, jsonSources } from '../../json-argument.ts';
import { printJson } from '../../output/print.ts';
import { stateIn, styleOf } from '../../output/style.ts';
import { clientOf, type RemoteOptions, remote } from '../../remote.ts';
import type { Terminal } from '../../terminal.ts';

type Moved = Answer<'/v1/jobs/{id}/cancel', 'post'>;
type Move = (client: TwolaneClient, id: string, payload?: unknown) => Promise<Moved>;

const path = (id: string) => ({ params: { path: { id } } });

const moves: Readonly<Record<'cancel' | 'restore', [description: string, move: Move]>> = {
  cancel: [
    'Cancel jobs that have not ended; running ones are aborted',
    (to, id) => to.post('/v1/jobs/{id}/cancel', path(id)),
  ],
  restore: [
    'Make jobs dead again that were discarded a moment ago',
    (to, id) => to.post('/v1/jobs/{id}/restore', path(id)),
  ],
};

const retry: Move = (client, id, payload) =>
  client.post('/v1/jobs/{id}/retry', { ...path(id), body: payload === undefined ? {} : { payload } });

const retryCommand: AddCommand = (jobs, terminal) => {
  withIds(jobs, 'retry', 'Put dead jobs back, with another payload where given; run scheduled ones now')
    .option('--payload <json>', `the payload from now on: ${jsonSources}`)
    .action(async (ids: string[], options) => {
      const payload =
        options.payload === undefined ? undefined : await jsonArgument(terminal, options.payload, '--payload');
      if (payload !== undefined && ids.length > 1)
        throw new CommandError('--payload is for one job: give one id.', exitCodes.usage);
      await moveAll(terminal, options, ids, (client, id) => retry(client, id, payload));
    });
};

const discardCommand: AddCommand = (jobs, terminal) => {
  withIds(jobs, 'discard', 'Give dead jobs up')
    .option('--for-good', "can't be restored; jobs that wait for them hear of it at once")
    .action((ids: string[], { forGood, ...options }) =>
      moveAll(terminal, options, ids, (client, id) =>
        client.post('/v1/jobs/{id}/discard', { ...path(id), body: { forGood } }),
      ),
    );
};

export const moveCommands: readonly AddCommand[] = [
  ...Object.entries(moves).map(
    ([name, [description, move]]): AddCommand =>
      (jobs, terminal) => {
        withIds(jobs, name, description).action((ids: string[], options) => moveAll(terminal, options, ids, move));
      },
  ),
  retryCommand,
  discardCommand,
];

function withIds(jobs: Command, name: string, description: string): Command {
  return remote(jobs.command(name).description(description)).argument('<ids...>');
}

/** One after another; a refusal is told and the others are done all the same. The last refusal gives the exit code. */
async function moveAll(terminal: Terminal, options: RemoteOptions, ids: readonly string[], move: Move): Promise<void> {
  const client = clientOf(terminal, options);
  const style = styleOf(terminal);
  let refusal = 0;
  for (const id of ids) {
    try {
      const moved = await move(client, id);
      if (options.json) printJson(terminal, moved);
      else terminal.out(`${id}  ${stateIn(style, moved.state)}\n`);
    } catch (error) {
      refusal = tellFailure(error, terminal);
    }
  }
  if (refusal) throw new CommandError('', refusal);
}
