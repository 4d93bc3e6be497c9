/** A child process that does as it is told: one answer to each order. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** Ends a program with this process, however that ends. */
export function endWithUs(child: ChildProcess): void {
  const end = () => child.kill('SIGKILL');
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}

export type Answer = { answer: string; value?: unknown };

export class Child<Order extends { order: string }> {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  /** Starts the TypeScript file and waits until it has called `obeyOrders`. */
  static async start<Order extends { order: string }>(
    file: string,
    args: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Child<Order>> {
    const process_ = fork(file, args, {
      env: { ...process.env, NODE_ENV: 'production', ...environment },
      execArgv: ['--max-semi-space-size=64', '--import', import.meta.resolve('tsx')],
    });
    const child = new Child<Order>(process_);
    await child.#answer('ready');
    return child;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  /** @throws Error what the child could not do, or that it has ended. */
  async tell<Value = unknown>(order: Order): Promise<Value> {
    const answer = this.#answer(order.order);
    this.#process.send(order);
    return (await answer) as Value;
  }

  /** Tells it to stop and waits for its end. */
  async stop(order: Order): Promise<void> {
    const gone = once(this.#process, 'exit');
    await this.tell(order);
    await gone;
  }

  #answer(wanted: string): Promise<unknown> {
    const child = this.#process;
    return new Promise((resolve, reject) => {
      const stopListening = () => {
        child.off('message', onMessage);
        child.off('exit', onExit);
      };
      const onExit = (code: number | null) => reject(new Error(`A process of the benchmark ended with ${code}`));
      const onMessage = ({ answer, value }: Answer) => {
        if (answer !== wanted && answer !== 'error') return;
        stopListening();
        if (answer === 'error') reject(new Error(String(value)));
        else resolve(value);
      };
      child.on('message', onMessage);
      child.once('exit', onExit);
    });
  }
}

/** The child's half. After the order `stop` the process ends by itself, once nothing is open any more. */
export function obeyOrders<Order extends { order: string }>(obey: (order: Order) => Promise<unknown>): void {
  const say = (answer: Answer) => process.send?.(answer);
  // A benchmark that was killed leaves nothing behind.
  const orphaned = () => process.exit(1);
  process.on('disconnect', orphaned);
  process.on('message', (order: Order) => {
    obey(order).then(
      (value) => {
        say({ answer: order.order, value });
        if (order.order !== 'stop') return;
        process.off('disconnect', orphaned);
        process.disconnect();
      },
      (error) => say({ answer: 'error', value: String(error?.stack ?? error) }),
    );
  });
  say({ answer: 'ready' });
}
