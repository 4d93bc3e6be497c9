/** The live processes of the fleet, each with what it runs now. */
import type { WorkerJob, WorkerStatus } from '../../src/contract/fleet.ts';
import { type Route, route } from '../../src/http/route.ts';
import { type Services, tag } from '../services.ts';

/** A process as the page of workers shows it. */
export type ShownWorker = WorkerStatus & { jobs: WorkerJob[] };

export const listWorkers = ({ operations }: Services): Route =>
  route({
    method: 'get',
    path: '/api/workers',
    tag,
    summary: 'Workers and what they run',
    access: 'operator',
    scope: 'queues:read',
    answer: { status: 200, description: '`{items}`, by host and process' },
    async handle() {
      const [workers, jobs] = await Promise.all([operations.workers(), operations.workerJobs()]);
      const items: ShownWorker[] = workers.map((worker) => ({ ...worker, jobs: jobs[worker.id] ?? [] }));
      return { body: { items } };
    },
  });
