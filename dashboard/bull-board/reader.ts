/** What the adapters ask of the ledger, kept for a moment: the board asks six things per queue and open tab every 5 s. */
import type { WorkerStatus } from '../../src/contract/fleet.ts';
import type { JobDetail, JobSummary } from '../../src/contract/job-view.ts';
import type { Operations } from '../../src/contract/operations.ts';
import type { QueueStatus } from '../../src/contract/queue-status.ts';
import { type LaneName, queuePath } from '../../src/contract/words.ts';
import { Part } from '../part.ts';
import { type BoardStatus, statesOf } from './states.ts';

/** How many finished jobs of a queue the board pages through; our own list has no such end. */
export const historyCap = 100;
/** The deepest row that can be paged to in any tab. */
const depthCap = 1_000;

export class BoardReader {
  readonly #operations: Operations;
  readonly #queues: Part<QueueStatus[]>;
  readonly #workers: Part<WorkerStatus[]>;
  readonly #finished = new Map<string, Part<number>>();

  constructor(operations: Operations) {
    this.#operations = operations;
    this.#queues = new Part<QueueStatus[]>('queues', 1_500, [], () => operations.queues());
    this.#workers = new Part<WorkerStatus[]>('workers', 3_000, [], () => operations.workers());
  }

  /** All queues; the last known ones when the ledger can't be asked, so that one failure does not empty the board. */
  async queues(): Promise<QueueStatus[]> {
    await this.#queues.refresh();
    return this.#queues.value;
  }

  async status(lane: LaneName, queue: string): Promise<QueueStatus | undefined> {
    return (await this.queues()).find((status) => status.lane === lane && status.queue === queue);
  }

  async counts(lane: LaneName, queue: string): Promise<Record<BoardStatus, number>> {
    const status = await this.status(lane, queue);
    const now = status?.counts ?? { blocked: 0, scheduled: 0, waiting: 0, queued: 0, running: 0, dead: 0 };
    return {
      active: now.running,
      waiting: Math.min(now.waiting + now.queued, depthCap),
      'waiting-children': Math.min(now.blocked, depthCap),
      delayed: Math.min(now.scheduled, depthCap),
      failed: Math.min(now.dead, depthCap),
      completed: await this.#finishedCount(lane, queue),
    };
  }

  /** Jobs `start` to `end` (both included) of one tab, or of all of them, the newest first. */
  async jobs(lane: LaneName, queue: string, tab: BoardStatus | undefined, start: number, end: number) {
    const states = tab ? statesOf[tab] : [undefined];
    const lists = await Promise.all(states.map((state) => this.#list({ lane, queue, state }, end + 1)));
    const newest = lists.flat().sort((a, b) => (BigInt(b.id) > BigInt(a.id) ? 1 : -1));
    const details = await Promise.all(newest.slice(start, end + 1).map(({ id }) => this.#operations.get(id)));
    return details.filter((job): job is JobDetail => job !== undefined);
  }

  async job(lane: LaneName, queue: string, id: string): Promise<JobDetail | undefined> {
    const job = /^\d{1,20}$/.test(id) ? await this.#operations.get(id) : undefined;
    return job?.lane === lane && job.queue === queue ? job : undefined;
  }

  async logs(id: string): Promise<string[]> {
    const { items } = await this.#operations.logs(id, { limit: 500 });
    return items.map(({ at, attempt, message, fields }) =>
      [at, `#${attempt}`, message, fields ? JSON.stringify(fields) : ''].join(' ').trimEnd(),
    );
  }

  async workers(lane: LaneName, queue: string) {
    await this.#workers.refresh();
    const path = queuePath(lane, queue);
    return this.#workers.value
      .filter((worker) => worker.queues.some((consumed) => consumed.queue === path))
      .map(({ id, role, host, pid, startedAt }) => ({
        id,
        name: role,
        addr: `${host}:${pid}`,
        age: Math.round((Date.now() - Date.parse(startedAt)) / 1000),
      }));
  }

  /** Jobs per minute, the newest minute first; the ledger keeps five of them for finished jobs and one for failed. */
  async metrics(lane: LaneName, queue: string, type: 'completed' | 'failed') {
    const status = await this.status(lane, queue);
    const spark = [...(status?.spark ?? [])].reverse();
    const minutes = Array.from({ length: 5 }, (_, minute) => sum(spark.slice(minute * 6, minute * 6 + 6)));
    const data = type === 'completed' ? minutes : [Math.round((status?.failedPerS ?? 0) * 60)];
    const count = sum(data);
    return { meta: { count, prevTS: Date.now(), prevCount: count }, data, count: data.length };
  }

  async #list(filter: { lane: LaneName; queue: string; state?: JobSummary['state'] }, wanted: number) {
    const found: JobSummary[] = [];
    let cursor: string | undefined;
    const enough = Math.min(wanted, depthCap);
    do {
      const page = await this.#operations.list(filter, { limit: Math.min(500, enough - found.length), cursor });
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor && found.length < enough);
    return found;
  }

  async #finishedCount(lane: LaneName, queue: string): Promise<number> {
    const path = queuePath(lane, queue);
    const count = this.#finished.get(path) ?? new Part<number>(path, 10_000, 0, () => this.#countFinished(lane, queue));
    this.#finished.set(path, count);
    await count.refresh();
    return count.value;
  }

  async #countFinished(lane: LaneName, queue: string): Promise<number> {
    return (await this.#list({ lane, queue, state: 'succeeded' }, historyCap)).length;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
