/** `twolane bullmq`: takes the jobs that BullMQ producers add. */
import { Option } from 'commander';
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';
import { mappingFrom } from '../mapping.ts';
import { startMover } from '../movers.ts';
import { whole } from '../options.ts';

export const bullmqCommand: AddCommand = (program, terminal) => {
  withApp(program.command('bullmq'))
    .description('Take the jobs of BullMQ producers from Redis')
    .requiredOption('--queue <name>', 'queue to take them from')
    .addOption(new Option('--type <type>', 'job type of all of them').conflicts('map'))
    .option('--map <file>', 'module whose default export leads from job names to job types')
    .option('--redis <url>', "the producers' Redis (REDIS_URL)")
    .option('--prefix <prefix>', "the producers' prefix", 'bull')
    .option('--buffer <jobs>', 'jobs in the hands of this process', whole(), 200)
    .action(({ app, queue, type, map, redis, prefix, buffer }) =>
      startMover(terminal, { name: 'bullmq', app }, async (twolane) => {
        if (!type && !map) throw new CommandError('Give --type, or --map with a file', exitCodes.usage);
        const jobs = type ?? (await mappingFrom(terminal, map));
        const { BullmqBridge } = await import('../../moving/bullmq/bridge.ts');
        const url = redis ?? twolane.config.REDIS_URL;
        const bridge = new BullmqBridge(twolane, { url, prefix, queue, jobs, buffer });
        bridge.start();
        terminal.out(`Taking BullMQ jobs from ${prefix}:${queue}\n`);
        return () => bridge.stop();
      }),
    );
};
