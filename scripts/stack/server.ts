/** One running private server with exact controls: start, stop, kill, restart on the same port, wipe. */
import type { ChildProcess } from 'node:child_process';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { end, ended, isAlive, launch } from './launch.ts';
import { type Place, type ServerName, type ServerProgram, StackError } from './program.ts';
import { isAtLeast } from './versions.ts';
import { messageOf, untilAnswer } from './wait.ts';

/** RabbitMQ needs a few seconds on a busy machine, and more after a kill with much to recover. */
const startTimeoutMs = 90_000;
const stopPatienceMs = 8_000;
/** How long the processes of an earlier run may take to let go of the data. */
const letGoMs = 15_000;

export class StackServer {
  readonly name: ServerName;
  readonly title: string;
  readonly url: string;
  /** As the server reports it, once started. */
  version = '';
  readonly #program: ServerProgram;
  readonly #place: Place;
  #child: ChildProcess | undefined;
  #companions: ChildProcess[] = [];
  readonly #deathListeners: ((how: string) => void)[] = [];

  constructor(program: ServerProgram, place: Place) {
    this.name = program.name;
    this.title = program.title;
    this.url = program.url(place);
    this.#program = program;
    this.#place = place;
  }

  /** The server's process; undefined while it is stopped. */
  get pid(): number | undefined {
    return isAlive(this.#child) ? this.#child.pid : undefined;
  }

  /** Calls `listener` when the server ends although nobody here has asked it to. */
  onDeath(listener: (how: string) => void): void {
    this.#deathListeners.push(listener);
  }

  /** Starts it and waits until a client gets an answer; at once when it runs already. */
  async start(): Promise<void> {
    if (this.pid !== undefined) return;
    await this.#program.prepare(this.#place);
    this.#startCompanions();
    const deadline = Date.now() + letGoMs;
    for (;;) {
      const from = this.#logSize();
      try {
        return await this.#startOnce();
      } catch (error) {
        await this.#end('SIGKILL', 0);
        const output = this.#log(from);
        if (this.#program.isBusyWith?.(output) && Date.now() < deadline) continue;
        throw this.#startError(error, output);
      }
    }
  }

  /** Ends it, by default in the orderly way; SIGKILL follows after 8 s. */
  async stop(signal: NodeJS.Signals = this.#program.stopSignal): Promise<void> {
    await this.#end(signal, stopPatienceMs);
    await Promise.all(this.#companions.map((companion) => end(companion, 'SIGKILL', 0)));
    this.#companions = [];
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL', 0);
  }

  /** Stops it in the orderly way and starts it on the same port with the same data. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Kills it, deletes its data and starts it empty on the same port with the same password. */
  async wipe(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.#place.data, { recursive: true, force: true });
    await this.start();
  }

  async #startOnce(): Promise<void> {
    const child = launch({ ...this.#program.command(this.#place), log: this.#logFile() });
    this.#child = child;
    child.once('exit', (code, signal) => this.#onExit(child, signal ?? `exit code ${code}`));
    child.once('error', () => undefined);
    const answer = await untilAnswer(() => this.#program.ask(this.url), {
      timeoutMs: startTimeoutMs,
      hopeless: () => (isAlive(child) ? undefined : 'it ended'),
    });
    this.version = answer.version;
    if (isAtLeast(answer.version, this.#program.minimum)) return;
    throw new Error(`version ${answer.version} is too old, ${this.#program.minimum} is the oldest that will do`);
  }

  #startCompanions(): void {
    const commands = this.#program.companions?.(this.#place) ?? [];
    if (this.#companions.length > 0 && this.#companions.every(isAlive)) return;
    this.#companions = commands.map((command) => launch({ ...command, log: this.#logFile() }));
    for (const companion of this.#companions) companion.once('error', () => undefined);
  }

  async #end(signal: NodeJS.Signals, patienceMs: number): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!isAlive(child)) return;
    await end(child, signal, patienceMs);
    await ended(child);
  }

  #onExit(child: ChildProcess, how: string): void {
    if (this.#child !== child || this.version === '') return;
    for (const listener of this.#deathListeners) listener(how);
  }

  #logFile(): string {
    return join(this.#place.folder, `${this.name}.log`);
  }

  #logSize(): number {
    return statSync(this.#logFile(), { throwIfNoEntry: false })?.size ?? 0;
  }

  #log(from: number): string {
    return this.#logSize() === 0 ? '' : readFileSync(this.#logFile()).subarray(from).toString('utf8');
  }

  #startError(error: unknown, output: string): Error {
    if (error instanceof StackError) return error;
    const tail = output.trimEnd().split('\n').slice(-15).join('\n');
    const log = tail === '' ? '' : `\n${tail}\n(the whole log: ${this.#logFile()})`;
    return new StackError(
      `The private ${this.title} did not start: ${messageOf(error)}. To use one of your own, set ${this.#program.urlName}.${log}`,
      { cause: error },
    );
  }
}
