/** `twolane doctor`: looks at everything that Twolane stands on, and says what to do about what is wrong. */
import { openApp, withApp } from '../app.ts';
import type { AddCommand } from '../commands.ts';
import type { Finding } from '../doctor/check.ts';
import { CommandError } from '../failure.ts';
import { printJson } from '../output/print.ts';
import { styleOf } from '../output/style.ts';
import { pad, widthOf } from '../output/width.ts';
import type { Terminal } from '../terminal.ts';

export const doctorCommand: AddCommand = (program, terminal) => {
  withApp(program.command('doctor'))
    .description('Check servers, versions, policies, clock, disk and processes; exit code 1 when something is at fault')
    .option('--json', 'a line of JSON for each finding')
    .action(async ({ app, json }: { app?: string; json?: boolean }) => {
      const findings = await findAll(terminal, app);
      if (json) for (const finding of findings) printJson(terminal, finding);
      else tell(terminal, findings);
      if (findings.some(({ level }) => level === 'fault')) throw new CommandError('');
    });
};

async function findAll(terminal: Terminal, app: string | undefined): Promise<Finding[]> {
  const twolane = await openApp(terminal, { app, name: 'doctor', logLevel: 'silent' });
  const { config } = twolane;
  const [postgres, redis, rabbitmq, machine, fleet] = await Promise.all([
    import('../doctor/postgres.ts'),
    import('../doctor/redis.ts'),
    import('../doctor/rabbitmq.ts'),
    import('../doctor/machine.ts'),
    import('../doctor/fleet.ts'),
  ]);
  const groups = Promise.all([
    machine.examineMachine(config),
    postgres.examinePostgres(twolane),
    redis.examineRedis(config),
    rabbitmq.examineRabbitmq(config),
    fleet.examineFleet(twolane),
  ]);
  return (await groups.finally(() => twolane.close())).flat();
}

const marks = { ok: '✔', warning: '!', fault: '✘' } as const;

function tell(terminal: Terminal, findings: readonly Finding[]): void {
  const style = styleOf(terminal);
  const colours = { ok: style.good, warning: style.warn, fault: style.bad };
  const width = Math.max(...findings.map(({ check }) => widthOf(check)));
  for (const { check, level, found, cure } of findings) {
    terminal.out(`${colours[level](marks[level])} ${pad(check, width)}  ${found}\n`);
    if (cure) terminal.out(`  ${' '.repeat(width)}  ${style.dim('→')} ${cure}\n`);
  }
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  const verdict = faults ? style.bad(`${faults} at fault`) : style.good('Nothing is at fault');
  terminal.out(`\n${verdict}${warnings ? `, ${warnings} to look at` : ''}.\n`);
}
