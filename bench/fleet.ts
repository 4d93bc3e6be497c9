/** An installation for one scenario: a fresh database and prefix, its processes as children, and how to wait for the end. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { loadConfig } from '../src/config.ts';
import { silentLogger } from '../src/contract/index.ts';
import { createTwolane, type Twolane } from '../src/twolane.ts';
import type { Load } from './enqueue-load.ts';
import { benchHandlers, benchJobs, type Counted, nowMs } from './jobs.ts';
import type { Answer, Order } from './process.ts';

export class Fleet {
  readonly #children: ChildProcess[] = [];
  readonly #environment: Record<string, string>;
  readonly #server: string;
  readonly #name: string;
  readonly twolane: Twolane;

  private constructor(server: string, name: string, environment: Record<string, string>) {
    this.#server = server;
    this.#name = name;
    this.#environment = environment;
    this.twolane = createTwolane({
      config: loadConfig({ ...process.env, ...environment }),
      catalog: benchJobs,
      handlers: () => benchHandlers({ done: 0, waits: [], urgentWaits: [] }, false),
      logger: silentLogger,
    });
  }

  static async start(): Promise<Fleet> {
    const server = process.env.DATABASE_URL ?? '';
    const name = `bench_${randomBytes(5).toString('hex')}`;
    await onServer(server, `create database ${name}`);
    const url = new URL(server);
    url.pathname = `/${name}`;
    const fleet = new Fleet(server, name, {
      DATABASE_URL: url.href,
      TWOLANE_PREFIX: name.replace('_', '-'),
      TWOLANE_SCHEMA: 'twolane',
      TWOLANE_PRODUCT: 'none',
    });
    await fleet.twolane.migrate();
    await fleet.twolane.database.query('create table bench_effects (job bigint)');
    await fleet.twolane.start();
    return fleet;
  }

  /** A child process that does as it is told. */
  async process(): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), [], {
      env: { ...process.env, ...this.#environment },
      execArgv: ['--max-semi-space-size=64', '--import', 'tsx'],
    });
    this.#children.push(child);
    await nextAnswer(child, 'ready');
    return child;
  }

  async worker(
    order: Omit<Extract<Order, { order: 'work' }>, 'order' | 'keepWaits'> & { keepWaits?: boolean },
  ): Promise<ChildProcess> {
    const child = await this.process();
    await tell(child, { order: 'work', keepWaits: false, ...order });
    return child;
  }

  /** A process with the scheduler, and another to enqueue. */
  async enqueuer(): Promise<ChildProcess> {
    await tell(await this.process(), { order: 'schedule' });
    return this.process();
  }

  /** Resolves when nothing of the queue is alive; answers that moment. */
  async settled(queue: string): Promise<number> {
    for (;;) {
      const { rows } = await this.twolane.database.query('select 1 from twolane.live where queue = $1 limit 1', [
        queue,
      ]);
      if (rows.length === 0) return nowMs();
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        const gone = once(child, 'exit');
        await tell(child, { order: 'stop' });
        await gone;
      }),
    );
    for (const job of Object.values(benchJobs)) await this.twolane.lanes.get(job.lane)?.purge(job.queue);
    await this.twolane.close();
    await onServer(this.#server, `drop database ${this.#name} with (force)`);
  }
}

export async function load(child: ChildProcess, work: Load): Promise<{ startedAt: number; endedAt: number }> {
  return (await tell(child, { order: 'enqueue', load: work })) as { startedAt: number; endedAt: number };
}

export async function report(child: ChildProcess): Promise<Counted> {
  return (await tell(child, { order: 'report' })) as Counted;
}

async function tell(child: ChildProcess, order: Order): Promise<unknown> {
  const answer = nextAnswer(child, order.order);
  child.send(order);
  return answer;
}

function nextAnswer(child: ChildProcess, wanted: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A process of the benchmark ended with ${code}`));
    const onMessage = ({ answer, value }: Answer) => {
      if (answer !== wanted && answer !== 'error') return;
      child.off('message', onMessage);
      child.off('exit', onExit);
      if (answer === 'error') reject(new Error(String(value)));
      else resolve(value);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
  });
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
