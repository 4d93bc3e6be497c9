/** A private RabbitMQ: everything inside its folder, an epmd of its own, so that two stacks never meet. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { isExecutable, onPath } from './find.ts';
import type { Answer, Place, ServerProgram } from './program.ts';
import { writePrivate } from './secrets.ts';

/** Debian's script on the PATH insists on root or the user rabbitmq; this one does not. */
const debianScript = '/usr/lib/rabbitmq/bin/rabbitmq-server';

const serverScript = () => (isExecutable(debianScript) ? debianScript : onPath('rabbitmq-server'));

export const rabbitmq: ServerProgram = {
  name: 'rabbitmq',
  title: 'RabbitMQ',
  urlName: 'AMQP_URL',
  minimum: '3.10',
  stopSignal: 'SIGTERM',
  find: serverScript,
  async prepare(place) {
    for (const folder of [place.data, home(place)]) mkdirSync(folder, { recursive: true, mode: 0o700 });
    writePrivate(join(place.folder, 'rabbitmq.conf'), configuration(place));
    writePrivate(join(place.folder, 'advanced.config'), '[].\n');
    writePrivate(join(place.folder, 'enabled_plugins'), '[].\n');
  },
  // An orderly stop can hang while the node boots, so the end of the parent kills; a node recovers from that.
  command: (place) => ({
    program: serverScript() ?? 'rabbitmq-server',
    args: [],
    environment: environment(place),
    cwd: place.folder,
    deathSignal: 'KILL',
  }),
  companions: ({ ports }) => [
    {
      program: onPath('epmd') ?? 'epmd',
      args: ['-port', String(ports[1]), '-address', '127.0.0.1'],
      deathSignal: 'KILL',
    },
  ],
  url: ({ ports, password }) => `amqp://twolane:${password}@127.0.0.1:${ports[0]}`,
  ask,
};

const home = (place: Place) => join(place.folder, 'home');

function configuration({ ports, password }: Place): string {
  return [
    `listeners.tcp.default = 127.0.0.1:${ports[0]}`,
    'default_user = twolane',
    `default_pass = ${password}`,
    'disk_free_limit.absolute = 1GB',
    'log.console = true',
    'log.console.level = warning',
    '',
  ].join('\n');
}

/** The node's name stays the same from start to start: its data belongs to it. */
function environment(place: Place): Record<string, string> {
  const inside = (name: string) => join(place.folder, name);
  return {
    HOME: home(place),
    ERL_EPMD_PORT: String(place.ports[1]),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: 'twolane@localhost',
    RABBITMQ_DIST_PORT: String(place.ports[2]),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    RABBITMQ_CONFIG_FILE: inside('rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: inside('advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: inside('enabled_plugins'),
    RABBITMQ_MNESIA_BASE: place.data,
    RABBITMQ_MNESIA_DIR: join(place.data, 'node'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(place.data, 'config'),
    RABBITMQ_FEATURE_FLAGS_FILE: join(place.data, 'feature_flags'),
    RABBITMQ_LOG_BASE: place.folder,
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: inside('node.pid'),
    // Makes the script replace itself by the Erlang machine, so that the child we signal is the server.
    RUNNING_UNDER_SYSTEMD: 'true',
    // No busy waiting: small machines have other work. Distribution on loopback only.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
  };
}

async function ask(url: string): Promise<Answer> {
  const connection = await connect(url, { timeout: 3_000 });
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    await channel.close();
    return { version: String(connection.connection.serverProperties.version) };
  } finally {
    await connection.close();
  }
}
