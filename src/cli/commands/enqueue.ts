/** `twolane enqueue`: one job of any public type. */
import { type Command, Option } from 'commander';
import type { components } from '../../client/index.ts';
import { priorities } from '../../contract/words.ts';
import type { AddCommand } from '../commands.ts';
import { followToTheEnd } from '../following.ts';
import { jsonArgument, jsonSources } from '../json-argument.ts';
import { whole } from '../options.ts';
import { printJson } from '../output/print.ts';
import { stateIn, styleOf } from '../output/style.ts';
import { milliseconds } from '../output/time.ts';
import { clientOf, remote } from '../remote.ts';

type EnqueueOptions = components['schemas']['EnqueueOptions'];

export const enqueueCommand: AddCommand = (program, terminal) => {
  withJobOptions(remote(program.command('enqueue').description('Enqueue a job and print its id')))
    .argument('<type>')
    .argument('[payload]', jsonSources, '{}')
    .option('-f, --follow', 'watch it until it has ended; exit code 1 unless it succeeds')
    .action(async (type: string, payload: string, options) => {
      const client = clientOf(terminal, options);
      const given = await jsonArgument(terminal, payload, 'the payload');
      const job = await client.enqueue(type, given, enqueueOptionsOf(options));
      if (options.json) printJson(terminal, job);
      else terminal.out(`${job.id}  ${stateIn(styleOf(terminal), job.state)}\n`);
      if (job.deduplicated) terminal.err('No job was made: the id is that of an earlier one with the same key.\n');
      if (options.follow) await followToTheEnd(terminal, client, job.id, options.json);
    });
};

function withJobOptions(command: Command): Command {
  return command
    .option('--delay <duration>', 'not before this has passed, such as 90s or 10m', milliseconds)
    .option('--run-at <time>', 'not before this time (ISO 8601)')
    .option('--expires-at <time>', 'cancelled when it has not started by then')
    .addOption(new Option('--priority <priority>', 'before or after others').choices(priorities))
    .option('--key <key>', 'jobs of one key run one after another')
    .option('--tenant <tenant>', 'whose share of the queue it uses')
    .option('--idempotency-key <key>', 'the same key within 24 h makes no second job')
    .option('--max-attempts <tries>', 'attempts before it is dead', whole())
    .option('--timeout <duration>', 'time limit of one attempt', milliseconds);
}

function enqueueOptionsOf(options: Record<string, never>): EnqueueOptions | undefined {
  const { delay, runAt, expiresAt, priority, key, tenant, idempotencyKey, maxAttempts, timeout } = options;
  const all = {
    delayMs: delay,
    runAt,
    expiresAt,
    priority,
    key,
    tenant,
    idempotencyKey,
    maxAttempts,
    timeoutMs: timeout,
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length ? (Object.fromEntries(given) as EnqueueOptions) : undefined;
}
