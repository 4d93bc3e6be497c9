/** `twolane schedules set`: makes a schedule, or changes what is named of one. */
import { Option } from 'commander';
import { type components, ProblemError, type TwolaneClient } from '../../../client/index.ts';
import { missedPolicies, overlapPolicies } from '../../../contract/schedule.ts';
import { priorities } from '../../../contract/words.ts';
import type { AddCommand } from '../../commands.ts';
import { exitCodes } from '../../exit-codes.ts';
import { CommandError } from '../../failure.ts';
import { jsonArgument, jsonSources } from '../../json-argument.ts';
import { printJson } from '../../output/print.ts';
import { type Schedule, scheduleInFull } from '../../output/schedules.ts';
import { milliseconds } from '../../output/time.ts';
import { clientOf, remote } from '../../remote.ts';

type NewSchedule = components['schemas']['NewSchedule'];

export const setCommand: AddCommand = (schedules, terminal) => {
  remote(schedules.command('set').description('Make a schedule, or change what you name of one'))
    .argument('<name>')
    .option('--type <type>', 'the job type to enqueue')
    .option('--payload <json>', jsonSources)
    .option('--cron <expression>', 'such as "30 2 * * 1-5"; six fields begin with seconds')
    .option('--time-zone <zone>', 'in which cron is read, such as Europe/Berlin; default UTC')
    .option('--every <duration>', 'instead of cron, such as 10m', milliseconds)
    .addOption(new Option('--missed <rule>', 'slots that nobody could serve in time').choices(missedPolicies))
    .addOption(new Option('--overlap <rule>', 'a slot while a job of it is under way').choices(overlapPolicies))
    .option('--jitter <duration>', 'each job begins up to this much later', milliseconds)
    .addOption(new Option('--priority <priority>', 'of its jobs').choices(priorities))
    .option('--description <text>', 'what it is for')
    .action(async (name: string, options) => {
      const client = clientOf(terminal, options);
      const payload = options.payload && (await jsonArgument(terminal, options.payload, '--payload'));
      const body = merged(await existing(client, name), { ...options, payload });
      const schedule = await client.put('/v1/schedules/{name}', { params: { path: { name } }, body });
      if (options.json) printJson(terminal, schedule);
      else terminal.out(scheduleInFull(schedule, terminal));
    });
};

async function existing(client: TwolaneClient, name: string): Promise<Schedule | undefined> {
  try {
    return await client.get('/v1/schedules/{name}', { params: { path: { name } } });
  } catch (error) {
    if (error instanceof ProblemError && error.status === 404) return undefined;
    throw error;
  }
}

/** What stands, with what was named over it. @throws CommandError when something is missing */
function merged(old: Schedule | undefined, options: Record<string, unknown>): NewSchedule {
  const { type, payload, cron, timeZone, every, missed, overlap, jitter, priority, description } = options;
  const timing =
    every !== undefined ? { everyMs: every, cron: null } : cron !== undefined ? { cron, everyMs: null } : {};
  const named = Object.entries({ type, payload, timeZone, missed, overlap, jitterMs: jitter, description, ...timing });
  const wanted = {
    ...(old ? fieldsOf(old) : { payload: {} }),
    ...Object.fromEntries(named.filter(([, value]) => value !== undefined)),
    ...(priority !== undefined && { options: { ...old?.options, priority } }),
  } as NewSchedule;
  if (!wanted.type) throw new CommandError('A new schedule needs --type.', exitCodes.usage);
  if (!wanted.cron && !wanted.everyMs)
    throw new CommandError('A new schedule needs --cron or --every.', exitCodes.usage);
  return wanted;
}

function fieldsOf(schedule: Schedule): NewSchedule {
  const { type, payload, cron, timeZone, everyMs, missed, missedMost, overlap, jitterMs, description, options } =
    schedule;
  return { type, payload, cron, timeZone, everyMs, missed, missedMost, overlap, jitterMs, description, options };
}
