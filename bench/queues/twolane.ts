/** Twolane as a system: a process that enqueues, one with the scheduler, one that works. */
import { Fleet, load, type Process } from '../fleet.ts';
import { benchJobs } from '../jobs.ts';
import { oneNumber } from '../peers/own-database.ts';
import { type Jobs, type Running, type Span, type System, serverUrl } from './system.ts';

type Type = 'bench-realtime' | 'bench-bulk';
/** Calls under way at once: as many requests of a busy API. */
const together = 2_000;
const concurrency = 500;

export function twolane(name: string, type: Type): System {
  return {
    name,
    async start(commitDelayMs) {
      const fleet = await Fleet.start(commitDelayMs);
      return new TwolaneRunning(fleet, type, await fleet.enqueuer());
    },
  };
}

class TwolaneRunning implements Running {
  readonly #fleet: Fleet;
  readonly #type: Type;
  readonly #enqueuer: Process;
  #worker: Process | undefined;

  constructor(fleet: Fleet, type: Type, enqueuer: Process) {
    this.#fleet = fleet;
    this.#type = type;
    this.#enqueuer = enqueuer;
  }

  /** While a worker runs, jobs are enqueued by calls of one; a backlog is made with 1,000 a call. */
  enqueue({ jobs, how }: Jobs): Promise<Span> {
    const fast = this.#worker ? { together } : { bulk: 1_000 };
    return load(this.#enqueuer, { type: this.#type, jobs, how: how === 'fast' ? fast : { rate: how.perS } });
  }

  async fill(jobs: number): Promise<void> {
    await this.enqueue({ jobs, how: 'fast' });
  }

  async startWorkers(): Promise<void> {
    const { lane, queue } = benchJobs[this.#type];
    this.#worker = await this.#fleet.worker({ lane, queues: [queue], concurrency, keepWaits: true });
  }

  async stopWorkers(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker) await this.#fleet.end(worker);
  }

  servers(): readonly string[] {
    const broker = benchJobs[this.#type].lane === 'realtime' ? 'AMQP_URL' : 'REDIS_URL';
    return [serverUrl('DATABASE_URL'), serverUrl(broker)];
  }

  workers(): readonly number[] {
    return this.#worker ? [this.#worker.pid] : [];
  }

  finished(): Promise<number> {
    return (this.#worker as Process).tell({ order: 'finished' });
  }

  takeWaits(): Promise<readonly number[]> {
    return (this.#worker as Process).tell({ order: 'takeWaits' });
  }

  idle(): Promise<number> {
    const { lane, queue } = benchJobs[this.#type];
    return this.#fleet.settled(`${lane}/${queue}`);
  }

  storedBytes(): Promise<number> {
    return oneNumber(this.#fleet.databaseUrl, 'select pg_database_size(current_database())');
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await this.#fleet.stop();
  }
}
