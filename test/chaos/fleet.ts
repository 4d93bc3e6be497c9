/** The processes of the product in a chaos run: started, killed, frozen, replaced, and started again when one ends by itself. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Chance, pick } from '../../scripts/demo/chance.ts';
import type { StackUrls } from '../../scripts/stack/index.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import type { Release } from './jobs.ts';

export const kinds = ['api', 'scheduler', 'realtime', 'bulk'] as const;
export type Kind = (typeof kinds)[number];

export interface FleetOptions {
  /** Of the sources as JavaScript. */
  scripts: string;
  folder: string;
  urls: StackUrls;
  environment: Readonly<Record<string, string>>;
  /** How many of each kind. */
  size: number;
}

/** A process that ended although nobody had asked it to. */
export interface Unasked {
  member: string;
  pid: number;
  /** `SIGKILL`, or `exit code 1`. */
  how: string;
  /** The last lines of its log. */
  lastWords: string;
}

const lastLines = 5;

/** One place in the fleet: a process, and the one that takes its place when it ends. */
export class Member {
  readonly name: string;
  readonly kind: Kind;
  readonly proxies: readonly FaultProxy[];
  release: Release = 1;
  readonly #options: FleetOptions;
  readonly #environment: Record<string, string>;
  #child: ChildProcess | undefined;
  #lives = 0;
  /** Ends that nobody had asked for. */
  readonly unasked: Unasked[] = [];

  private constructor(name: string, kind: Kind, options: FleetOptions, proxies: FaultProxy[], port: number) {
    this.name = name;
    this.kind = kind;
    this.proxies = proxies;
    this.#options = options;
    const [amqp, redis, postgres] = proxies as [FaultProxy, FaultProxy, FaultProxy];
    this.#environment = {
      ...options.environment,
      AMQP_URL: amqp.through(options.urls.AMQP_URL),
      REDIS_URL: redis.through(options.urls.REDIS_URL),
      DATABASE_URL: postgres.through(options.environment.DATABASE_URL ?? ''),
      CHAOS_ROLE: kind === 'realtime' || kind === 'bulk' ? 'worker' : kind,
      ...((kind === 'realtime' || kind === 'bulk') && { CHAOS_LANE: kind }),
      PORT: String(port),
    };
  }

  static async of(name: string, kind: Kind, options: FleetOptions): Promise<Member> {
    const { AMQP_URL, REDIS_URL, DATABASE_URL } = options.urls;
    const proxies = await Promise.all([AMQP_URL, REDIS_URL, DATABASE_URL].map((url) => FaultProxy.before(url)));
    return new Member(name, kind, options, proxies, await freePort());
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#environment.PORT}`;
  }

  /** Starts a process; resolves when it is up. */
  async start(): Promise<void> {
    this.#lives += 1;
    const { scripts, folder } = this.#options;
    const log = openSync(join(folder, `${this.name}.log`), 'a');
    const child = fork(join(scripts, 'test/chaos/process.js'), [], {
      env: {
        ...process.env,
        ...this.#environment,
        CHAOS_RELEASE: String(this.release),
        CHAOS_DELIVERIES: join(folder, 'deliveries', `${this.name}-${this.#lives}.jsonl`),
      },
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    });
    this.#child = child;
    child.on('exit', (code, signal) => this.#onExit(child, signal ?? `exit code ${code}`));
    const ended = once(child, 'exit');
    await Promise.race([once(child, 'message'), ended]);
  }

  /** Ends the process and waits until it is gone. Answers how it ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<string> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return 'gone before';
    const ended = once(child, 'exit');
    child.kill('SIGCONT');
    child.kill(signal);
    const [code, by] = (await ended) as [number | null, string | null];
    return by ?? `exit code ${code}`;
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): boolean {
    return this.#child?.kill(signal) ?? false;
  }

  moveClock(clockMs: number): void {
    this.#child?.send({ clockMs });
  }

  async stop(): Promise<void> {
    await this.end('SIGKILL');
    await Promise.all(this.proxies.map((proxy) => proxy.stop()));
  }

  #lastWords(): string {
    const log = readFileSync(join(this.#options.folder, `${this.name}.log`), 'utf8').trimEnd();
    const lines = log.split('\n').slice(-lastLines);
    return lines.map((line) => line.slice(0, 1_000)).join('\n');
  }

  /** As any supervisor does: a process that ended by itself is started again. */
  #onExit(child: ChildProcess, how: string): void {
    if (this.#child !== child) return;
    this.unasked.push({ member: this.name, pid: child.pid ?? 0, how, lastWords: this.#lastWords() });
    setTimeout(() => {
      if (this.#child === child) void this.start();
    }, 500);
  }
}

export class Fleet {
  readonly members: readonly Member[];

  private constructor(members: readonly Member[]) {
    this.members = members;
  }

  /** Starts the first of each kind before the others, so that the tables are made once. */
  static async start(options: FleetOptions): Promise<Fleet> {
    mkdirSync(join(options.folder, 'deliveries'), { recursive: true });
    const places = kinds.flatMap((kind) => Array.from({ length: options.size }, (_, n) => ({ kind, n })));
    const members = await Promise.all(places.map(({ kind, n }) => Member.of(`${kind}-${n + 1}`, kind, options)));
    const [first, ...others] = members;
    await first?.start();
    await Promise.all(others.map((member) => member.start()));
    return new Fleet(members);
  }

  of(...wanted: readonly Kind[]): Member[] {
    return this.members.filter(({ kind }) => wanted.includes(kind));
  }

  pick(draw: Chance, ...wanted: readonly Kind[]): Member {
    return pick(draw, this.of(...(wanted.length > 0 ? wanted : kinds)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.members.map((member) => member.stop()));
  }
}
