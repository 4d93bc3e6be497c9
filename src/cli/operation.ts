/** Operations on the command line: how one looks, and watching it with a progress bar. */
import type { components, TwolaneClient } from '../client/index.ts';
import { exitCodes } from './exit-codes.ts';
import { CommandError } from './failure.ts';
import { printJson } from './output/print.ts';
import { progressOn } from './output/progress.ts';
import { stateIn, styleOf } from './output/style.ts';
import { type Column, factsOf, tableOf } from './output/table.ts';
import { ago, count, moment } from './output/time.ts';
import type { Terminal } from './terminal.ts';

export type Operation = components['schemas']['Operation'];
type Stage = Operation['stages'][number];

const pollMs = 500;
const over: ReadonlySet<Operation['status']> = new Set(['done', 'stopped', 'aborted', 'undone']);

export const operationColumns: readonly Column<Operation>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'ACTION', of: ({ action }) => action },
  { title: 'STATUS', of: ({ status }) => status, style: (text, style) => stateIn(style, text) },
  { title: 'MOVED', of: (operation) => movedOf(operation), right: true },
  { title: 'STARTED', of: ({ createdAt }) => ago(createdAt), spare: 2 },
  { title: 'BY', of: ({ actor }) => actor, spare: 3, least: 6 },
  { title: 'FILTER', of: ({ filter }) => filterText(filter), spare: 1, least: 12 },
];

const stageColumns: readonly Column<Stage>[] = [
  { title: 'STAGE', of: ({ size }) => size },
  { title: 'MOVED', of: ({ moved }) => count(moved), right: true },
  { title: 'WATCHED', of: ({ watched }) => count(watched), right: true },
  { title: 'SUCCEEDED', of: ({ succeeded }) => count(succeeded), right: true },
  { title: 'CANCELLED', of: ({ cancelled }) => count(cancelled), right: true, spare: 1 },
  { title: 'DEAD AGAIN', of: ({ dead }) => count(dead), right: true },
  { title: 'SAME ERROR', of: ({ sameError }) => count(sameError), right: true, spare: 2 },
];

const movedOf = ({ moved, matched, capped }: Operation) =>
  matched === null ? count(moved) : `${count(moved)}/${count(matched)}${capped ? '+' : ''}`;

function filterText(filter: Operation['filter']): string {
  const texts = Object.entries(filter).map(([name, value]) =>
    typeof value === 'object' ? `${name}:${JSON.stringify(value)}` : `${name}:${value}`,
  );
  return texts.join(' ');
}

/** All of an operation. */
export function operationInFull(operation: Operation, terminal: Terminal): string {
  const { action, filter, actor, status, reason, undone, createdAt, finishedAt, undoableUntil, stages, id } = operation;
  const facts = {
    Operation: id,
    Action: action,
    Status: stateIn(styleOf(terminal), status) + (reason ? ` (${reason})` : ''),
    Filter: filterText(filter),
    By: actor,
    Moved: movedOf(operation),
    Undone: undone || null,
    Started: moment(createdAt),
    Finished: moment(finishedAt),
    'Undo until': moment(undoableUntil),
  };
  return factsOf(facts, terminal) + (stages.length ? `\n${tableOf(stages, stageColumns, terminal)}` : '');
}

/**
 * Watches an operation until it is over. Ctrl-C ends the watch, not the operation.
 * @throws CommandError when it was stopped or aborted
 */
export async function followOperation(
  terminal: Terminal,
  client: TwolaneClient,
  id: string,
  json = false,
): Promise<void> {
  const bar = progressOn(terminal);
  const interrupted = terminal.interrupted();
  let operation = await read(client, id);
  let shown = '';
  try {
    while (!over.has(operation.status)) {
      if (interrupted.aborted)
        throw new CommandError(`It goes on: twolane operations follow ${id}`, exitCodes.interrupted);
      if (json && shown !== JSON.stringify(operation)) printJson(terminal, operation);
      shown = JSON.stringify(operation);
      bar.show(shareOf(operation), noteOf(operation));
      await new Promise((resolve) => setTimeout(resolve, pollMs));
      operation = await read(client, id);
    }
  } finally {
    bar.end();
  }
  if (json) printJson(terminal, operation);
  else terminal.out(operationInFull(operation, terminal));
  if (operation.status === 'stopped' || operation.status === 'aborted') throw new CommandError('', exitCodes.failed);
}

const read = (client: TwolaneClient, id: string) => client.get('/v1/operations/{id}', { params: { path: { id } } });

function shareOf({ matched, moved, undone, status }: Operation): number | undefined {
  if (status === 'undoing') return moved ? undone / moved : undefined;
  return matched ? moved / matched : undefined;
}

function noteOf(operation: Operation): string {
  const { status, stages, stage } = operation;
  const present = stages[stage];
  const watched =
    present && `, stage ${stage + 1} of ${stages.length}: ${present.succeeded} well, ${present.dead} dead again`;
  return `${status} ${movedOf(operation)}${status === 'waiting' && watched ? watched : ''}`;
}
