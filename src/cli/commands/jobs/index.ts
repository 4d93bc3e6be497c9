/** `twolane jobs`: single jobs and lists of them. */
import type { AddCommand } from '../../commands.ts';
import { followCommand } from './follow.ts';
import { listCommands } from './list.ts';
import { logsCommand } from './logs.ts';
import { moveCommands } from './move.ts';
import { showCommand } from './show.ts';

export const jobsCommand: AddCommand = (program, terminal) => {
  const jobs = program.command('jobs').description('Find jobs, look at one, follow, cancel, retry or discard it');
  for (const add of [...listCommands, showCommand, followCommand, logsCommand, ...moveCommands]) add(jobs, terminal);
};
