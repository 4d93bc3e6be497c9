/**
 * graphile-worker with the settings by which its documentation measures itself: a local queue of 500, 24 jobs at once, completion in
 * batches (https://worker.graphile.org/docs/performance).
 */
import { Logger, makeWorkerUtils, run, runMigrations } from 'graphile-worker';
import { oneNumber, runStatement, storedInDatabase } from './own-database.ts';
import type { Client, Payload, Peer, Place } from './peer.ts';

const preset = {
  worker: {
    concurrentJobs: 24,
    maxPoolSize: 25,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};
const logger = new Logger(() => () => undefined);

export const peer: Peer = {
  uses: ['database'],
  batch: 1_000,
  async open(place) {
    await runMigrations({ connectionString: place.database, logger });
    return place;
  },
  fill: ({ database }, jobs) =>
    runStatement(
      database,
      `insert into graphile_worker._private_jobs (task_id, payload)
       select id, '{"sentAt": 0}' from graphile_worker._private_tasks, generate_series(1, $1::int) where identifier = 'bench'`,
      [jobs],
    ),
  connect: connectClient,
  // Finished jobs are deleted.
  unfinished: ({ database }) =>
    oneNumber(database, 'select count(*) from (select from graphile_worker._private_jobs limit 1) one'),
  storedBytes: storedInDatabase,
};

async function connectClient({ database: connectionString }: Place): Promise<Client> {
  const utils = await makeWorkerUtils({ connectionString, logger, maxPoolSize: 25 });
  return {
    add: (payload) => utils.addJob('bench', payload),
    addMany: (payloads) => utils.addJobs(payloads.map((payload) => ({ identifier: 'bench', payload }))),
    async work(onJob) {
      const taskList = { bench: async (payload: unknown) => onJob(payload as Payload) };
      const runner = await run({ preset, connectionString, taskList, logger, noHandleSignals: true });
      return () => runner.stop();
    },
    close: async () => void (await utils.release()),
  };
}
