/** Gearman: Debian's gearmand with its default of four threads, background jobs, a worker process of 32 connections. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { findGearmand } from '../../scripts/stack/needs.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { endWithUs } from '../child.ts';
import { proportionalBytes } from '../machine/processes.ts';
import { openWire, packets, request } from './gearman-wire.ts';
import { storedInDatabase } from './own-database.ts';
import type { Client, Payload, Peer, Place } from './peer.ts';

const workerConnections = 32;
/** Servers by their ports. */
const servers = new Map<number, ChildProcess>();

/** Jobs in the server's memory, as it comes: they are lost with the server. */
export const peer = gearmanPeer({ durable: false });

/** @param durable jobs in PostgreSQL as well, Gearman's persistent queue */
export function gearmanPeer({ durable }: { durable: boolean }): Peer {
  return {
    uses: durable ? ['database'] : [],
    batch: 500,
    async open(place) {
      const port = await freePort();
      await startServer(port, durable ? place.database : undefined);
      return { ...place, port };
    },
    connect: connectClient,
    storedBytes: async (place) =>
      durable ? storedInDatabase(place) : (proportionalBytes(servers.get(place.port ?? 0)?.pid ?? 0) ?? Number.NaN),
    async close({ port = 0 }) {
      const server = servers.get(port);
      if (!server) return;
      server.kill('SIGTERM');
      await once(server, 'exit');
      servers.delete(port);
    },
  };
}

async function startServer(port: number, database: string | undefined): Promise<void> {
  const queue = database ? ['--queue-type', 'Postgres', '--libpq-conninfo', database] : [];
  const args = ['--listen', '127.0.0.1', '--port', `${port}`, '--log-file', 'none', '--pid-file', '', ...queue];
  const server = spawn(findGearmand() ?? 'gearmand', args, { stdio: 'ignore' });
  endWithUs(server);
  servers.set(port, server);
  while (!(await accepts(port))) {
    if (server.exitCode !== null) throw new Error(`gearmand ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function connectClient({ port = 0, name }: Place): Promise<Client> {
  /** Answers come in the order of the requests. */
  const waiting: (() => void)[] = [];
  const socket = await openWire(port, (type, parts) => {
    if (type === packets.JOB_CREATED) waiting.shift()?.();
    if (type === packets.ERROR) throw new Error(`gearmand answered ${parts.join(': ')}`);
  });
  const workers: Socket[] = [];
  // The persistent queue knows jobs by their unique ids, so each has one, as those of Gearman's own library.
  const ids = randomUUID();
  let made = 0;
  const add = (payload: Payload) =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      socket.write(request('SUBMIT_JOB_BG', name, `${ids}${made++}`, JSON.stringify(payload)));
    });
  return {
    add,
    async addMany(payloads) {
      socket.cork();
      const taken = payloads.map(add);
      socket.uncork();
      await Promise.all(taken);
    },
    async work(onJob) {
      for (let n = 0; n < workerConnections; n += 1) workers.push(await openWorker(port, name, onJob));
      return async () => {
        for (const worker of workers) worker.destroy();
      };
    },
    close: async () => void socket.destroy(),
  };
}

/** Takes a job, tells of its end and asks for the next; sleeps until it is woken when there is none. */
async function openWorker(port: number, name: string, onJob: (payload: Payload) => void): Promise<Socket> {
  const grab = request('GRAB_JOB');
  const sleep = request('PRE_SLEEP');
  const socket = await openWire(port, (type, [handle = '', , data = '']) => {
    if (type === packets.NOOP) socket.write(grab);
    if (type === packets.NO_JOB) socket.write(sleep);
    if (type !== packets.JOB_ASSIGN) return;
    onJob(JSON.parse(data));
    socket.write(Buffer.concat([request('WORK_COMPLETE', handle, ''), grab]));
  });
  socket.write(Buffer.concat([request('CAN_DO', name), grab]));
  return socket;
}
