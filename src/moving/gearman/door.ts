/** The Gearman front door: clients of Gearman submit their jobs here, and Twolane runs them. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { TwolaneError } from '../../contract/index.ts';
import { version } from '../../version.ts';
import type { Platform } from '../platform.ts';
import { Client, limits } from './client.ts';
import { type GearmanFunctions, resolveFunctions } from './functions.ts';
import type { Door } from './requests.ts';

export interface GearmanOptions {
  /** Default 4730. */
  port?: number;
  /** Default 127.0.0.1. The protocol knows no credentials: whoever reaches the port may submit and look. */
  host?: string;
  /** Default: every bulk job type that is not internal, under its own name. */
  functions?: GearmanFunctions;
  /** Largest packet, bytes. Default 16 MiB. */
  mostBytes?: number;
  /** Connections at once. Default 1,000. */
  mostClients?: number;
  /** How long half a packet, and a client that does not read, are borne with, milliseconds. Default 60,000. */
  patienceMs?: number;
}

export interface GearmanDoor {
  host: string;
  port: number;
  /** The names that clients can submit. */
  functions: string[];
  /** Takes no more, answers what is under way and lets the clients go. Jobs go on. */
  stop(): Promise<void>;
}

/** Listens. @throws TwolaneError `invalid_mapping`, `port_unusable` */
export async function openGearmanDoor(platform: Platform, options: GearmanOptions): Promise<GearmanDoor> {
  const { port = 4730, host = '127.0.0.1', mostClients = 1_000, patienceMs = limits.patienceMs } = options;
  const door: Door = {
    platform,
    functions: resolveFunctions(platform.catalog, options.functions),
    version,
    mostBytes: options.mostBytes ?? 16 * 1024 * 1024,
    partial: { bytes: 0 },
    followers: new Map(),
    patienceMs,
  };
  const clients = new Set<Client>();
  const server = createServer((socket) => {
    const client = new Client(socket, door);
    clients.add(client);
    socket.on('close', () => clients.delete(client));
  });
  server.maxConnections = mostClients;
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    const why = `Gearman's door can not listen at ${host}:${port} (${error.code}); choose another port or address`;
    throw new TwolaneError('port_unusable', why, { cause: error });
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    functions: [...door.functions.keys()],
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all([...clients].map((client) => client.end()));
      await closed;
    },
  };
}
