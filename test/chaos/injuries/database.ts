/** PostgreSQL that is restarted, killed, frozen, or loses its backends. */
import { downed, frozenServer } from './brokers.ts';
import { between, type Injury, pause, prove } from './injury.ts';

const terminated: Injury = {
  name: 'PostgreSQL ends every connection',
  concerns: 'postgres',
  async inflict(world) {
    const [row] = await world.query<{ n: number }>(
      `select count(*) filter (where pg_terminate_backend(pid))::int as n from pg_stat_activity
       where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    prove((row?.n ?? 0) > 10, `${row?.n} connections were ended`);
    return `${row?.n} backends were ended`;
  },
};

/** One that dies by a signal takes all others with it: PostgreSQL throws shared memory away and recovers. */
const backendKilled: Injury = {
  name: 'One backend of PostgreSQL is killed, so that all start anew',
  concerns: 'postgres',
  async inflict(world, { draw }) {
    const backends = await world.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = 'twolane' and backend_type = 'client backend' order by pid`,
    );
    const { pid } = backends[Math.floor(draw() * backends.length)] as { pid: number };
    process.kill(pid, 'SIGKILL');
    await pause(between(draw, 500, 1_000));
    const [left] = await world.query<{ n: number }>(
      'select count(*)::int as n from pg_stat_activity where pid = any($1)',
      [backends.map((backend) => backend.pid)],
    );
    prove(left?.n === 0, `${left?.n} of ${backends.length} backends are the same`);
    return `backend ${pid} was killed, ${backends.length} are gone`;
  },
};

/** A transaction that looks at an old moment, so that nothing that was deleted since can be cleaned up. */
const oldSnapshot: Injury = {
  name: 'A transaction stays open and keeps every dead row',
  concerns: 'deliveries',
  async inflict(world, { draw }) {
    const ms = between(draw, 8_000, 15_000);
    const [row] = await world.query<{ slept: string }>(
      `select pg_sleep($1) as slept, txid_current()`,
      [ms / 1_000],
      5_000,
    );
    prove(row !== undefined, 'the transaction was cut');
    return `it stayed open for ${ms} ms`;
  },
};

export const databaseInjuries: readonly Injury[] = [
  downed('postgres', 'killed and started again', (world) => world.server('postgres').kill()),
  downed('postgres', 'restarted', (world) => world.server('postgres').stop('SIGINT')),
  downed('postgres', 'stopped in an instant, to recover at the start', (world) =>
    world.server('postgres').stop('SIGQUIT'),
  ),
  frozenServer('postgres', 5_000),
  terminated,
  backendKilled,
  oldSnapshot,
];
