/** RabbitMQ and Redis that are killed, restarted, frozen, wiped, out of memory, and that forget the last of what they took. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerName } from '../../../scripts/stack/index.ts';
import type { World } from '../world.ts';
import { between, type Injury, pause, prove } from './injury.ts';

const titles = { rabbitmq: 'RabbitMQ', redis: 'Redis', postgres: 'PostgreSQL' } as const;

/** Ends a server by `how`, leaves it down for a while and starts it again. */
export function downed(name: ServerName, what: string, how: (world: World) => Promise<unknown>): Injury {
  return {
    name: `${titles[name]} ${what}`,
    concerns: name,
    async inflict(world, { draw }) {
      const server = world.server(name);
      const { pid } = server;
      await how(world);
      prove(server.pid === undefined, `process ${pid} still runs`);
      await pause(between(draw, 500, 6_000));
      // A machine that is busy with recovering all else may need more patience than one start has.
      await server.start().catch(() => server.start());
      prove(server.pid !== pid, `process ${pid} is the same`);
      return `process ${pid} is gone, ${server.pid} took its place`;
    },
  };
}

export function frozenServer(name: ServerName, most: number): Injury {
  return {
    name: `${titles[name]} frozen by SIGSTOP`,
    concerns: name,
    async inflict(world, { draw }) {
      const pid = world.server(name).pid as number;
      const ms = between(draw, 2_000, most);
      process.kill(pid, 'SIGSTOP');
      try {
        await pause(200);
        prove(/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')), `process ${pid} moves`);
        await pause(ms);
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      return `process ${pid} stood still for ${ms} ms`;
    },
  };
}

function wiped(name: 'rabbitmq' | 'redis'): Injury {
  return {
    name: `${titles[name]} loses all its data`,
    concerns: name,
    async inflict(world) {
      const { pid } = world.server(name);
      await world.server(name).wipe();
      prove(world.server(name).pid !== pid, `process ${pid} is the same`);
      return 'its folder was deleted, it began empty';
    },
  };
}

/** The file that Redis appends every command to. */
function appendedFile(world: World): string {
  const folder = join(world.dataOf('redis'), 'appendonlydir');
  const names = readdirSync(folder).filter((name) => name.endsWith('.incr.aof'));
  return join(folder, names.toSorted().at(-1) as string);
}

/** The last of what Redis took was not on the disk when the power went: from some point on, mostly in the middle of a command. */
const tailLoss: Injury = {
  name: 'Redis loses the tail of what it took, as when the power fails',
  concerns: 'redis',
  async inflict(world, { draw }) {
    const file = appendedFile(world);
    const from = statSync(file).size;
    await pause(between(draw, 1_000, 3_000));
    await world.server('redis').kill();
    const whole = statSync(file).size;
    const kept = Math.floor(from + (whole - from) * draw());
    prove(kept < whole, `there was nothing to lose: ${whole} bytes`);
    truncateSync(file, kept);
    await world.server('redis').start();
    return `${whole - kept} bytes of its file are lost`;
  },
};

/** Runs RabbitMQ's own control program in the environment of the private node. */
export async function rabbitmqctl(pid: number, ...args: string[]): Promise<string> {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  const env = Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s) as [string, string]));
  const { stdout } = await promisify(execFile)('/usr/lib/rabbitmq/bin/rabbitmqctl', args, { env });
  return stdout;
}

function alarm(what: string, raise: readonly string[], clear: readonly string[]): Injury {
  return {
    name: `RabbitMQ raises its ${what} alarm`,
    concerns: 'rabbitmq',
    async inflict(world, { draw }) {
      const pid = world.server('rabbitmq').pid as number;
      await rabbitmqctl(pid, ...raise);
      try {
        await pause(between(draw, 3_000, 8_000));
        const alarms = await rabbitmqctl(pid, '-q', 'eval', 'rabbit_alarm:get_alarms().');
        prove(alarms.includes(what), `its alarms are ${alarms}`);
        return `alarms: ${alarms.trim().replaceAll(/\s+/g, ' ')}`;
      } finally {
        await rabbitmqctl(pid, ...clear);
      }
    },
  };
}

export const brokerInjuries: readonly Injury[] = [
  ...(['rabbitmq', 'redis'] as const).flatMap((name) => [
    downed(name, 'killed and started again', (world) => world.server(name).kill()),
    downed(name, 'restarted', (world) => world.server(name).stop()),
    frozenServer(name, 12_000),
    wiped(name),
  ]),
  tailLoss,
  alarm('memory', ['set_vm_memory_high_watermark', '0'], ['set_vm_memory_high_watermark', '0.4']),
  alarm('disk', ['set_disk_free_limit', '1000000GB'], ['set_disk_free_limit', '1GB']),
];
