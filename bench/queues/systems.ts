/** The queue systems that are measured side by side. */

import { peer as amqplib } from '../peers/amqplib.ts';
import { peer as amqplibQuorum } from '../peers/amqplib-quorum.ts';
import { peer as bullmq } from '../peers/bullmq.ts';
import { peer as gearman } from '../peers/gearman.ts';
import { peer as gearmanDurable } from '../peers/gearman-durable.ts';
import { peer as graphileWorker } from '../peers/graphile-worker.ts';
import { peer as pgBoss } from '../peers/pg-boss.ts';
import { celery } from './celery.ts';
import { nodePeer } from './node-peer.ts';
import type { System } from './system.ts';
import { twolane } from './twolane.ts';

export const realtime = twolane('Twolane, real-time', 'bench-realtime');
export const bulk = twolane('Twolane, bulk', 'bench-bulk');
export const graphile = nodePeer('graphile-worker', 'graphile-worker.ts', graphileWorker);

/** What each is given, so that it works for some seconds; `backlog`: it is measured beside one as well. */
export interface Measuring {
  system: System;
  together: number;
  apart: number;
  backlog?: true;
}

/** In the order of the report. */
export const systems: readonly Measuring[] = [
  { system: realtime, together: 150_000, apart: 50_000, backlog: true },
  { system: bulk, together: 80_000, apart: 50_000, backlog: true },
  { system: nodePeer('plain amqplib', 'amqplib.ts', amqplib), together: 200_000, apart: 50_000, backlog: true },
  { system: nodePeer('plain amqplib, quorum', 'amqplib-quorum.ts', amqplibQuorum), together: 100_000, apart: 50_000 },
  { system: nodePeer('plain BullMQ', 'bullmq.ts', bullmq), together: 80_000, apart: 50_000, backlog: true },
  { system: graphile, together: 150_000, apart: 50_000, backlog: true },
  { system: nodePeer('pg-boss', 'pg-boss.ts', pgBoss), together: 30_000, apart: 20_000, backlog: true },
  { system: celery('Celery', { confirmed: true }), together: 15_000, apart: 10_000 },
  { system: celery('Celery, unconfirmed', { confirmed: false }), together: 20_000, apart: 15_000 },
  { system: nodePeer('Gearman', 'gearman.ts', gearman), together: 50_000, apart: 30_000 },
  { system: nodePeer('Gearman, durable', 'gearman-durable.ts', gearmanDurable), together: 2_000, apart: 1_000 },
];
