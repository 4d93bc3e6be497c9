/**
 * pg-boss 10, the last that runs on Node.js 20: `insert` of many, `send` of one; two workers of batches of 1,000 that poll at the
 * shortest interval it allows (0.5 s) and, after a batch, go on at once by `notifyWorker`.
 */
import PgBoss from 'pg-boss';
import { oneNumber, runStatement, storedInDatabase } from './own-database.ts';
import type { Client, Payload, Peer, Place } from './peer.ts';

const workers = 2;
const options = { batchSize: 1_000, pollingIntervalSeconds: 0.5 };

export const peer: Peer = {
  uses: ['database'],
  batch: 1_000,
  async open(place) {
    const boss = await start(place);
    await boss.createQueue(place.name);
    await boss.stop({ graceful: false });
    return place;
  },
  fill: ({ database, name }, jobs) =>
    runStatement(
      database,
      `insert into pgboss.job (name, data, policy)
       select $1, '{"sentAt": 0}', policy from pgboss.queue, generate_series(1, $2::int) where name = $1`,
      [name, jobs],
    ),
  connect: connectClient,
  unfinished: ({ database, name }) =>
    oneNumber(
      database,
      `select count(*) from (select from pgboss.job where name = $1 and state < 'completed' limit 1) one`,
      [name],
    ),
  storedBytes: storedInDatabase,
};

async function start({ database: connectionString }: Place): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, schedule: false, max: 25 });
  boss.on('error', (error) => {
    throw error;
  });
  return boss.start();
}

async function connectClient(place: Place): Promise<Client> {
  const { name } = place;
  const boss = await start(place);
  const startWorker = async (onJob: (payload: Payload) => void) => {
    const id = await boss.work<Payload>(name, options, async (jobs) => {
      for (const { data } of jobs) onJob(data);
      if (jobs.length > 0) boss.notifyWorker(id);
    });
  };
  return {
    add: (payload) => boss.send(name, payload),
    addMany: (payloads) => boss.insert(payloads.map((data) => ({ name, data }))),
    async work(onJob) {
      for (let n = 0; n < workers; n += 1) await startWorker(onJob);
      return () => boss.offWork(name);
    },
    close: () => boss.stop({ graceful: false }),
  };
}
