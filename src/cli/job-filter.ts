/** Options that say which jobs are meant, for lists and for operations. */
import { type Command, Option } from 'commander';
import { type JobState, jobStates } from '../contract/state.ts';
import { type LaneName, laneNames } from '../contract/words.ts';
import { timeBefore } from './output/time.ts';

export interface JobFilterOptions {
  type?: string;
  lane?: LaneName;
  queue?: string;
  key?: string;
  tenant?: string;
  owner?: string;
  code?: string;
  fingerprint?: string;
  since?: string;
  until?: string;
}

/** Adds the filter. Times may be durations before now. */
export function filtered(command: Command): Command {
  return command
    .option('--type <type>', 'of this job type')
    .addOption(new Option('--lane <lane>', 'of this lane').choices(laneNames))
    .option('--queue <queue>', 'of this queue')
    .option('--key <key>', 'that concern this key')
    .option('--tenant <tenant>', 'of this tenant')
    .option('--owner <user>', 'of this user')
    .option('--code <code>', 'whose error has this code')
    .option('--fingerprint <hash>', 'of this group of dead jobs')
    .option('--since <time>', 'enqueued at or after; 2h is two hours ago', timeBefore)
    .option('--until <time>', 'enqueued before', timeBefore);
}

/** Adds `--state`. */
export function withState(command: Command): Command {
  return command.addOption(new Option('--state <state>', 'in this state').choices(jobStates));
}

/** The fields of the filter among a command's options. */
export function filterOf(options: JobFilterOptions & { state?: JobState }): JobFilterOptions & { state?: JobState } {
  const { type, lane, queue, state, key, tenant, owner, code, fingerprint, since, until } = options;
  const all = { type, lane, queue, state, key, tenant, owner, code, fingerprint, since, until };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
