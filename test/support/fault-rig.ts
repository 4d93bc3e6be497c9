/**
 * What every fault test stands on: an installation whose workers are processes to be killed, and three ledgers of the
 * test's own (accepted, started, effects) that are compared when everything is quiet again.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { z } from 'zod';
import type { StackUrls } from '../../scripts/stack/index.ts';
import type { LaneName } from '../../src/contract/index.ts';
import { startTestApp, type TestApp } from './app.ts';
import {
  type FaultKind,
  faultCatalog,
  faultHandlers,
  faultJobOf,
  type faultPayload,
  type Start,
} from './fault-jobs.ts';
import { until } from './stack.ts';

/** What the comparison of the ledgers found. All but `accepted` and `redelivered` must be 0. */
export interface Verdict {
  accepted: number;
  lost: number;
  doubled: number;
  phantom: number;
  /** Effects whose file is not there, or is that of another attempt. */
  wrongFiles: number;
  unaccounted: number;
  /** Starts beyond the first of a job: proof that something was run again. */
  redelivered: number;
}

/** What the jobs of a call do, and how they are enqueued. */
export interface FaultScript extends Partial<Omit<z.input<typeof faultPayload>, 'name'>> {
  name?: string;
  timeoutMs?: number;
  delayMs?: number;
  /** `hasty` jobs are given up soon after they were told to stop; `limited` and `rated` ones have limits. */
  kind?: FaultKind;
}

export class FaultRig {
  readonly app: TestApp;
  readonly accepted = new Set<string>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'twolane-faults-'));
  readonly #workers: ChildProcess[] = [];

  private constructor(app: TestApp) {
    this.app = app;
  }

  /** Enqueues and schedules in this process; workers are added with `worker`. */
  static async start(
    options: { urls?: StackUrls; settings?: Record<string, string>; http?: boolean; scheduler?: boolean } = {},
  ): Promise<FaultRig> {
    const app = await startTestApp({
      http: false,
      worker: false,
      ...options,
      overrides: { catalog: faultCatalog, handlers: (services) => faultHandlers('', services), product: undefined },
    });
    await app.twolane.database.query('create table fault_effects (job bigint, fence int, pid int, prefix text)');
    return new FaultRig(app);
  }

  /** A scheduler as a process of its own; start the rig without one for it to be the only one. */
  scheduler(environment: Record<string, string> = {}): Promise<ChildProcess> {
    return this.worker(0, { FAULT_ROLE: 'scheduler', ...environment });
  }

  /** @param environment settings of this process alone */
  async worker(concurrency = 10, environment: Record<string, string> = {}): Promise<ChildProcess> {
    const child = fork(join(inject('scripts'), 'test/support/fault-worker.js'), [], {
      env: {
        ...process.env,
        ...this.app.environment,
        FAULT_DELIVERIES: join(this.#folder, `${this.#workers.length}.jsonl`),
        FAULT_CONCURRENCY: String(concurrency),
        ...environment,
      },
      execArgv: [],
    });
    this.#workers.push(child);
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`The process ended before it was ready: ${signal ?? `exit code ${code}`}`);
    });
    await Promise.race([once(child, 'message'), ended]);
    return child;
  }

  /** Enqueues jobs and writes down those that were accepted. */
  async enqueue(
    lane: LaneName,
    count: number,
    { name = 'job', timeoutMs, delayMs, kind, ...script }: FaultScript = {},
  ): Promise<string[]> {
    const job = faultJobOf(lane, kind);
    const items = Array.from({ length: count }, (_, n) => ({
      job,
      payload: { name: `${name} ${n}`, ...script },
      options: { timeoutMs, delayMs },
    }));
    const answers = await this.app.twolane.enqueueMany(items);
    for (const { id } of answers) this.accepted.add(id);
    return answers.map((answer) => answer.id);
  }

  /** Enqueues single jobs at this rate until `stop`; refused ones are not accepted and are counted. */
  load(lane: LaneName, perS: number, takesMs = 5): { stop(): Promise<{ refused: number }> } {
    let running = true;
    let refused = 0;
    const calls = new Set<Promise<void>>();
    const loop = (async () => {
      while (running) {
        const call = this.app.twolane.enqueue(faultJobOf(lane), { name: 'load', takesMs }).then(
          ({ id }) => void this.accepted.add(id),
          () => {
            refused += 1;
          },
        );
        calls.add(call);
        void call.finally(() => calls.delete(call));
        await new Promise((resolve) => setTimeout(resolve, 1_000 / perS));
      }
      await Promise.all(calls);
    })();
    return {
      async stop() {
        running = false;
        await loop;
        return { refused };
      },
    };
  }

  starts(): Start[] {
    return readdirSync(this.#folder).flatMap((file) => {
      // What follows the last line break is a line that is being written.
      const lines = readFileSync(join(this.#folder, file), 'utf8').split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Start);
    });
  }

  /** Resolves when no job is alive. */
  async quiet(timeoutMs = 60_000): Promise<void> {
    await until(
      'no job is alive',
      async () => (await this.#count('select count(*)::int as n from twolane.live')) === 0,
      {
        timeoutMs,
        everyMs: 100,
      },
    );
  }

  /** Compares what was accepted with what had an effect. Call it when everything is quiet. */
  async verdict(): Promise<Verdict> {
    const { database, operations } = this.app.twolane;
    const effects = await database.query<{ job: string; n: number }>(
      'select job, count(*)::int as n from fault_effects group by job',
    );
    const done = new Map(effects.rows.map((row) => [row.job, row.n]));
    const starts = this.starts();
    return {
      accepted: this.accepted.size,
      lost: [...this.accepted].filter((id) => !done.has(id)).length,
      doubled: [...done.values()].reduce((sum, n) => sum + n - 1, 0),
      phantom: [...done.keys()].filter((id) => !this.accepted.has(id)).length,
      wrongFiles: await this.#wrongFiles(),
      unaccounted: (await operations.conservation()).unaccounted,
      redelivered: starts.length - new Set(starts.map((start) => start.id)).size,
    };
  }

  async stop(): Promise<void> {
    for (const child of this.#workers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = once(child, 'exit');
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await gone;
    }
    await this.app.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #wrongFiles(): Promise<number> {
    const { rows } = await this.app.twolane.database.query<{ content: string; prefix: string }>(
      `select job || ' ' || fence as content, prefix from fault_effects where prefix is not null`,
    );
    const found = rows.map(({ prefix }) => join(this.app.config.TWOLANE_FILES_DIR, prefix, 'effect.txt'));
    return found.filter((file, n) => !existsSync(file) || readFileSync(file, 'utf8') !== rows[n]?.content).length;
  }

  async #count(sql: string): Promise<number> {
    // The database itself may be what the test has stopped.
    const { rows } = await this.app.twolane.database.query<{ n: number }>(sql).catch(() => ({ rows: [] }));
    return rows[0]?.n ?? -1;
  }
}

/** What a verdict must be, whatever happened. */
export const nothingLost = { lost: 0, doubled: 0, phantom: 0, wrongFiles: 0, unaccounted: 0 };
