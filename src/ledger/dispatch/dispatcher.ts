/**
 * The dispatcher: at most one per queue, anywhere in the fleet. It moves jobs from the outbox to the broker, keeping only
 * a window of them there, so that priority, fairness, pause and order are decided here and a broker never fills.
 */
import type { Clock, Envelope, Lane, LaneName, Logger, QueuePath, Repetition } from '../../contract/index.ts';
import { splitQueuePath } from '../../contract/index.ts';
import type { Database } from '../database.ts';
import type { QueueLeases } from './leases.ts';
import { LostPublishes } from './lost.ts';
import { type QueueFacts, QueueWindows } from './queue-windows.ts';

export type Release = Envelope & { queue: QueuePath };

export interface DispatcherOptions {
  database: Database;
  leases: QueueLeases;
  lanes: ReadonlyMap<LaneName, Lane>;
  queues(): readonly QueuePath[];
  clock: Clock;
  publish(jobs: readonly Release[]): void;
  logger: Logger;
}

interface Look {
  queue: QueuePath;
  paused: boolean;
  held: boolean;
  has_waiting: boolean;
  has_line: boolean;
  in_flight: number;
  /** Urgent or high jobs among those in flight, beside lower ones. */
  mixed: boolean;
}

const idleMs = 40;
const busyMs = 2;
/** The windows were full: workers need a moment to make room. */
const fullMs = 6;
/** While only limits hold jobs back: for so long after the last release their slots are looked for every few milliseconds. */
const limitedMs = 250;
/** Jobs in one statement: more makes the locks last longer than the broker needs. */
const pickMost = 1_000;

export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #lost: LostPublishes;
  readonly #windows: QueueWindows;
  /** Queues with work waiting at the last look: their windows are filled every few milliseconds. */
  readonly #flowing = new Set<QueuePath>();
  readonly #releasedAt = new Map<QueuePath, number>();
  /** Queues whose lines have just begun and are served beside the rounds. */
  readonly #lines = new Map<QueuePath, Promise<unknown>>();
  #lookedAt = 0;
  #rounds: Repetition | undefined;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#lost = new LostPublishes(options);
    this.#windows = new QueueWindows(options.database);
  }

  start(): void {
    this.#rounds = this.#options.clock.repeat(0, () => this.#run());
  }

  async stop(): Promise<void> {
    await this.#rounds?.stop();
    await Promise.all(this.#lines.values());
  }

  /** A limited job has come to an empty line: no need to wait for the next look. */
  lineBegins(queue: QueuePath): void {
    if (this.#options.leases.epoch(queue) === undefined || this.#lines.has(queue)) return;
    // Two releases at once would each find the same room.
    if (this.#windows.yielding.concerns(queue)) return;
    const release = this.#release(queue)
      .catch((error) => this.#options.logger.warn({ error, queue }, 'A line could not be served at once; it waits'))
      .finally(() => this.#lines.delete(queue));
    this.#lines.set(queue, release);
  }

  /** What the once-a-second statistics found; sets the window and the pack of each queue. */
  async observe(facts: readonly QueueFacts[]): Promise<void> {
    for (const { queue, claimedThrough } of facts) this.#lost.observe(queue, claimedThrough);
    this.#windows.observe(facts);
    await this.#windows.setPacks(facts.filter(({ queue }) => this.#options.leases.epoch(queue) !== undefined));
  }

  /** Which queues give way to more urgent ones, and what part of their slots each may use. */
  yield(shares: ReadonlyMap<QueuePath, number>): void {
    this.#windows.yielding.set(shares);
  }

  async #run(): Promise<number> {
    try {
      return await this.#round();
    } catch (error) {
      this.#options.logger.warn({ error }, 'A round of the dispatcher failed; it goes on');
      return 250;
    }
  }

  /** Serves every queue that this process dispatches once. Answers how long to wait before the next round. */
  async #round(): Promise<number> {
    const mine = this.#options.queues().filter((queue) => this.#options.leases.epoch(queue) !== undefined);
    const flowing = mine.filter((queue) => this.#flowing.has(queue));
    const released = await Promise.all(flowing.map((queue) => this.#release(queue)));
    const pauseMs = flowing.length === 0 ? idleMs : released.some((count) => count > 0) ? busyMs : fullMs;
    const now = this.#options.clock.ticks();
    if (now - this.#lookedAt < idleMs) return pauseMs;
    this.#lookedAt = now;
    await this.#look(mine);
    return this.#flowing.size > 0 ? busyMs : idleMs;
  }

  /** Looks at all queues: which have work waiting, which are full and must be held, which may open again. */
  async #look(queues: readonly QueuePath[]): Promise<void> {
    if (queues.length === 0) return;
    // One more than the window tells that it is full; what lies beyond need not be counted.
    const caps = queues.map((queue) => this.#windows.of(queue) + 1);
    const { rows } = await this.#options.database.query<Look>('select * from twolane.look($1, $2)', [queues, caps]);
    await Promise.all(rows.map((look) => this.#judge(look)));
  }

  async #judge({ queue, paused, held, has_waiting, has_line, in_flight, mixed }: Look): Promise<void> {
    const up = this.#laneIsUp(queue);
    const window = this.#windows.of(queue);
    const open = up && !this.#windows.yielding.concerns(queue);
    const full = in_flight >= window || !open;
    // Opened again only with room to spare, or the queue would flap between both ways.
    const mayOpen = !has_waiting && in_flight <= window / 2 && open;
    if (held ? mayOpen : full) await this.#setHeld(queue, !held);
    if (up) await this.#republishLost(queue);
    if (mixed) await this.#options.database.relaxed.query('select twolane.hasten($1)', [queue]);
    const mayGo = (has_waiting || has_line) && up && !paused;
    if (mayGo) await this.#release(queue);
    if (mayGo && (has_waiting || this.#releasedLately(queue))) this.#flowing.add(queue);
    else this.#flowing.delete(queue);
  }

  #releasedLately(queue: QueuePath): boolean {
    return this.#options.clock.ticks() - (this.#releasedAt.get(queue) ?? Number.NEGATIVE_INFINITY) < limitedMs;
  }

  /** Fills the window of a queue. Answers how many jobs it released. */
  async #release(queue: QueuePath): Promise<number> {
    const { database, leases, publish } = this.#options;
    const epoch = leases.epoch(queue);
    if (epoch === undefined || !this.#laneIsUp(queue)) return 0;
    const room = await this.#windows.room(queue, pickMost);
    if (room <= 0) return 0;
    const { rows } = await database.retrying(() =>
      database.relaxed.query<Release>('select * from twolane.pick($1, $2, $3, $4)', [
        queue,
        epoch,
        this.#windows.of(queue),
        room,
      ]),
    );
    if (rows.length > 0) {
      this.#releasedAt.set(queue, this.#options.clock.ticks());
      publish(rows);
    }
    return rows.length;
  }

  async #republishLost(queue: QueuePath): Promise<void> {
    const lost = await this.#lost.find(queue);
    if (lost.length === 0) return;
    this.#options.logger.info({ queue, jobs: lost.length }, 'Publishing jobs again that the broker lost');
    await this.#options.database.query('select twolane.note_repair($1, $2, $3, $4)', [
      'republished',
      queue,
      `{${lost.map((job) => job.id).join(',')}}`,
      'released, and neither in the broker nor with a worker; published again',
    ]);
    this.#options.publish(lost);
  }

  async #setHeld(queue: QueuePath, held: boolean): Promise<void> {
    await this.#options.database.query('update twolane.queues set held = $2 where queue = $1', [queue, held]);
  }

  #laneIsUp(queue: QueuePath): boolean {
    return this.#options.lanes.get(splitQueuePath(queue).lane)?.isUp() ?? false;
  }
}
