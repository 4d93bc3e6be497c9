/** Celery as a system: Debian's, on the RabbitMQ that Twolane uses, a prefork worker and producers on all cores. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from 'amqplib';
import { systemPython } from '../../scripts/stack/needs.ts';
import { endWithUs } from '../child.ts';
import { nowMs } from '../jobs.ts';
import { type Jobs, pause, type Running, type Span, type System, serverUrl } from './system.ts';

const folderOfApp = fileURLToPath(new URL('../peers/celery', import.meta.url));
const cores = availableParallelism();

/**
 * @param confirmed a producer waits until RabbitMQ has the message, as durable as the others; Celery's default does not wait. Then
 *   there are four producers for each core, since they wait most of the time.
 */
export function celery(name: string, { confirmed }: { confirmed: boolean }): System {
  return { name, start: () => new Celery(confirmed).ready() };
}

class Celery implements Running {
  readonly #confirmed: boolean;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bench-celery-'));
  readonly #queue = `bench-celery-${process.pid}-${Date.now()}`;
  #producers: Producer[] = [];
  #worker: ChildProcess | undefined;
  /** Of the workers of now. */
  #waits = this.#folder;
  /** Bytes of those files that were read. */
  readonly #taken = new Map<string, number>();
  #left = 0;
  /** The last of what its processes had to say. */
  #said = '';

  constructor(confirmed: boolean) {
    this.#confirmed = confirmed;
  }

  async ready(): Promise<this> {
    const length = this.#confirmed ? 4 * cores : cores;
    this.#producers = Array.from({ length }, () => new Producer(this.#python(['producer.py'])));
    await Promise.all(this.#producers.map((producer) => producer.answer()));
    return this;
  }

  async enqueue({ jobs, how }: Jobs): Promise<Span> {
    this.#left += jobs;
    const startedAt = nowMs();
    const { length } = this.#producers;
    await Promise.all(
      this.#producers.map((producer, n) => {
        const share = Math.floor((jobs * (n + 1)) / length) - Math.floor((jobs * n) / length);
        return producer.tell({ jobs: share, perS: how === 'fast' ? null : how.perS / length });
      }),
    );
    return { startedAt, endedAt: nowMs() };
  }

  async fill(jobs: number): Promise<void> {
    await this.enqueue({ jobs, how: 'fast' });
  }

  async startWorkers(): Promise<void> {
    this.#waits = mkdtempSync(join(this.#folder, 'waits-'));
    const flags = ['--without-gossip', '--without-mingle', '--without-heartbeat', '--loglevel', 'ERROR'];
    this.#worker = this.#python(['-m', 'celery', '-A', 'tasks', 'worker', '-P', 'prefork', '-c', `${cores}`, ...flags]);
  }

  async stopWorkers(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (!worker) return;
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    this.#left -= await this.finished();
    this.#taken.clear();
  }

  servers(): readonly string[] {
    return [serverUrl('AMQP_URL')];
  }

  workers(): readonly number[] {
    return this.#worker?.pid ? [this.#worker.pid] : [];
  }

  async finished(): Promise<number> {
    if (this.#worker && this.#worker.exitCode !== null)
      throw new Error(`Celery's worker ended with ${this.#worker.exitCode}: ${this.#said}`);
    return this.#files().reduce((sum, file) => sum + statSync(file).size / 8, 0);
  }

  async takeWaits(): Promise<readonly number[]> {
    return this.#files().flatMap((file) => {
      const bytes = readFileSync(file).subarray(this.#taken.get(file) ?? 0);
      this.#taken.set(file, (this.#taken.get(file) ?? 0) + bytes.length);
      return Array.from({ length: bytes.length / 8 }, (_, n) => bytes.readDoubleLE(n * 8));
    });
  }

  async idle(): Promise<number> {
    while ((await this.finished()) < this.#left) await pause(10);
    return nowMs();
  }

  storedBytes(): Promise<number> {
    return Promise.resolve(Number.NaN);
  }

  async stop(): Promise<void> {
    await this.stopWorkers();
    await Promise.all(this.#producers.map((producer) => producer.end()));
    const connection = await connect(serverUrl('AMQP_URL'));
    await (await connection.createChannel()).deleteQueue(this.#queue);
    await connection.close();
    rmSync(this.#folder, { recursive: true });
  }

  #files(): string[] {
    return readdirSync(this.#waits).map((name) => join(this.#waits, name));
  }

  #python(args: readonly string[]): ChildProcess {
    const own = {
      BENCH_AMQP_URL: serverUrl('AMQP_URL'),
      BENCH_QUEUE: this.#queue,
      BENCH_FOLDER: this.#waits,
      BENCH_CONFIRMED: this.#confirmed ? 'yes' : '',
      // That a worker runs as root, where the benchmark does.
      PYTHONWARNINGS: 'ignore',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const child = spawn(systemPython, args, { cwd: folderOfApp, env: { ...process.env, ...own } });
    endWithUs(child);
    child.stderr.on('data', (text: Buffer) => {
      this.#said = (this.#said + text).slice(-4_000);
    });
    return child;
  }
}

/** A process that enqueues. */
class Producer {
  readonly #process: ChildProcess;
  readonly #lines: Interface;

  constructor(child: ChildProcess) {
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
  }

  async tell(order: { jobs: number; perS: number | null }): Promise<void> {
    const answer = this.answer();
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
    await answer;
  }

  /** Its next line. */
  async answer(): Promise<void> {
    const gone = once(this.#process, 'exit').then(([code]) => {
      throw new Error(`A producer of Celery ended with ${code}`);
    });
    gone.catch(() => undefined);
    await Promise.race([once(this.#lines, 'line'), gone]);
  }

  async end(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.stdin?.end();
    await gone;
  }
}
