/** `twolane celery`: takes the tasks that Celery producers send. */
import { withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import { mappingFrom } from '../mapping.ts';
import { startMover } from '../movers.ts';
import { whole } from '../options.ts';

export const celeryCommand: AddCommand = (program, terminal) => {
  withApp(program.command('celery'))
    .description('Take the tasks of Celery producers from RabbitMQ (protocol 2, JSON)')
    .option('--queue <name>', 'queue to take them from', 'celery')
    .requiredOption('--map <file>', 'module whose default export leads from task names to job types')
    .option('--broker <url>', "the producers' RabbitMQ (CELERY_BROKER_URL, else AMQP_URL)")
    .option('--refused <queue>', 'queue for messages that can not be taken (default: <queue>.refused)')
    .option('--buffer <messages>', 'messages in the hands of this process', whole(), 500)
    .action(({ app, queue, map, broker, refused, buffer }) =>
      startMover(terminal, { name: 'celery', app }, async (twolane) => {
        const tasks = await mappingFrom(terminal, map);
        const { CeleryConsumer } = await import('../../moving/celery/consumer.ts');
        const url = broker ?? terminal.environment.CELERY_BROKER_URL ?? twolane.config.AMQP_URL;
        const consumer = new CeleryConsumer(twolane, { url, queue, tasks, refused, buffer });
        consumer.start();
        terminal.out(`Taking Celery tasks from ${queue}: ${Object.keys(tasks).join(', ')}\n`);
        return () => consumer.stop();
      }),
    );
};
