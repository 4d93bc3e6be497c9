/** The parts that the entry files are made of. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import express, { type Express } from 'express';
import { nothingHere } from '../src/http/errors.ts';
import type { Twolane, WorkerSelection } from '../src/twolane.ts';
import type { Part } from './run.ts';
import { watchLoop } from './watch/loop-watch.ts';

export function workerPart(twolane: Twolane, selection: WorkerSelection = {}): Part {
  const worker = twolane.worker(selection);
  const { logger, config } = twolane;
  let stopWatching = () => {};
  return {
    name: `worker ${selection.lane ?? 'of both lanes'}`,
    async start({ recycle, leave }) {
      worker.onOverrun(({ id, type }) => recycle(`${type} ${id} did not stop`));
      worker.onDrain = () => leave('an operator asked for it');
      await worker.start();
      stopWatching = watchLoop(config.TWOLANE_LEASE_MS, (error) =>
        logger.error({ error }, 'The event loop is not watched any more'),
      );
    },
    async stop() {
      await worker.stop();
      stopWatching();
    },
  };
}

export function schedulerPart(twolane: Twolane): Part {
  const scheduler = twolane.scheduler();
  return { name: 'scheduler', start: () => scheduler.start(), stop: () => scheduler.stop() };
}

/** /healthz, /readyz and the /metrics of this process on HEALTH_PORT, for processes without an API; none while it is unset. */
export function healthParts(twolane: Twolane): Part[] {
  const { HOST, HEALTH_PORT } = twolane.config;
  if (HEALTH_PORT === undefined) return [];
  const web = express().disable('x-powered-by');
  web.use(twolane.health());
  web.use(twolane.metrics('process'));
  web.use(nothingHere);
  return [{ ...serverPart('health', web, HOST, HEALTH_PORT), auxiliary: true }];
}

/** API and dashboard on PORT; with OPS_PORT set, the dashboard and /metrics listen there instead. */
export function httpParts(twolane: Twolane): Part[] {
  const { HOST, PORT, OPS_PORT } = twolane.config;
  const web = express().disable('x-powered-by');
  const operators = OPS_PORT === undefined ? web : express().disable('x-powered-by');
  operators.use('/ops', twolane.dashboard());
  web.use(twolane.api());
  const parts = [serverPart('http', web, HOST, PORT)];
  if (OPS_PORT !== undefined) {
    operators.use(twolane.metrics());
    parts.push(serverPart('operators', operators, HOST, OPS_PORT));
  }
  for (const app of new Set([web, operators])) app.use(nothingHere);
  return parts;
}

/** The dashboard alone, with the probes, on OPS_PORT or else PORT. /metrics needs no key on OPS_PORT, so it is there alone. */
export function dashboardParts(twolane: Twolane): Part[] {
  const { HOST, PORT, OPS_PORT } = twolane.config;
  const web = express().disable('x-powered-by');
  web.use('/ops', twolane.dashboard());
  web.use(twolane.health());
  if (OPS_PORT !== undefined) web.use(twolane.metrics());
  web.use(nothingHere);
  return [serverPart('dashboard', web, HOST, OPS_PORT ?? PORT)];
}

function serverPart(name: string, app: Express, host: string, port: number): Part {
  const server = createServer(app);
  // Renditions and uploads take their time; a client that sends nothing for a minute is gone.
  server.requestTimeout = 0;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 65_000;
  return {
    name,
    async start() {
      server.listen(port, host);
      await once(server, 'listening');
    },
    stop: () => closeServer(server),
  };
}

/** Answers what is under way, tells keep-alive clients to go, and does not wait for event streams. */
async function closeServer(server: Server): Promise<void> {
  server.prependListener('request', (_req, res) => res.setHeader('connection', 'close'));
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = setTimeout(() => server.closeAllConnections(), 3_000);
  await closed;
  clearTimeout(patience);
}
