/** The queue systems that are measured side by side. */

import { celery } from './celery.ts';
import { nodePeer } from './node-peer.ts';
import type { System } from './system.ts';
import { twolane } from './twolane.ts';

export const realtime = twolane('Twolane, real-time', 'bench-realtime');
export const bulk = twolane('Twolane, bulk', 'bench-bulk');
export const graphile = nodePeer('graphile-worker', 'graphile-worker.ts');

/** What each is given, so that it works for some seconds; `backlog`: it is measured beside one as well. */
export interface Measuring {
  system: System;
  together: number;
  apart: number;
  backlog?: true;
}

/** In the order of the report. The bulk lane has the same ledger as the other, so one of them is measured beside a backlog. */
export const systems: readonly Measuring[] = [
  { system: realtime, together: 120_000, apart: 40_000, backlog: true },
  { system: bulk, together: 50_000, apart: 40_000 },
  { system: nodePeer('plain amqplib', 'amqplib.ts'), together: 120_000, apart: 40_000, backlog: true },
  { system: nodePeer('plain amqplib, quorum', 'amqplib-quorum.ts'), together: 60_000, apart: 20_000 },
  { system: nodePeer('plain BullMQ', 'bullmq.ts'), together: 50_000, apart: 40_000, backlog: true },
  { system: graphile, together: 100_000, apart: 40_000, backlog: true },
  { system: nodePeer('pg-boss', 'pg-boss.ts'), together: 20_000, apart: 10_000, backlog: true },
  { system: celery('Celery', { confirmed: true }), together: 10_000, apart: 8_000 },
  { system: celery('Celery, unconfirmed', { confirmed: false }), together: 15_000, apart: 12_000 },
  { system: nodePeer('Gearman', 'gearman.ts'), together: 50_000, apart: 30_000 },
  { system: nodePeer('Gearman, durable', 'gearman-durable.ts'), together: 1_500, apart: 1_000 },
];
