/** `twolane dead`: dead jobs by what killed them, and what to do about them. */
import type { AddCommand } from '../../commands.ts';
import { editCommand } from './edit.ts';
import { groupsCommand } from './groups.ts';
import { redriveCommands } from './redrive.ts';

export const deadCommand: AddCommand = (program, terminal) => {
  const dead = program.command('dead').description('Dead jobs: groups by error; edit, redrive or discard them');
  for (const add of [groupsCommand, editCommand, ...redriveCommands]) add(dead, terminal);
};
