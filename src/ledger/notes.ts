/** Progress and log lines of running jobs: gathered for a moment, written in one statement, the newest progress wins. */
import type { Clock, JsonObject, Logger, Queryable } from '../contract/index.ts';

interface LogLine {
  id: string;
  attempt: number;
  at: string;
  message: string;
  fields: JsonObject | null;
}

const flushMs = 250;
/** Lines that may wait in memory while PostgreSQL is away; older ones go first. */
const mostLines = 10_000;

export class Notes {
  readonly #database: Queryable;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #progress = new Map<string, { percent: number; note: string | null }>();
  #lines: LogLine[] = [];
  #callOff: (() => void) | undefined;

  constructor({ database, clock, logger }: { database: Queryable; clock: Clock; logger: Logger }) {
    this.#database = database;
    this.#clock = clock;
    this.#logger = logger;
  }

  progress(id: string, percent: number, note?: string): void {
    this.#progress.set(id, { percent: Math.min(100, Math.max(0, percent)), note: note?.slice(0, 500) ?? null });
    this.#flushSoon();
  }

  log(id: string, attempt: number, message: string, fields?: JsonObject): void {
    this.#lines.push({
      id,
      attempt,
      at: new Date(this.#clock.now()).toISOString(),
      message: message.slice(0, 2_000),
      fields: fields ?? null,
    });
    if (this.#lines.length > mostLines) this.#lines.shift();
    this.#flushSoon();
  }

  /** Writes what is gathered. A failure is logged; the lines are tried again with the next flush. */
  async flush(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    const progress = [...this.#progress].map(([id, value]) => ({ id, ...value }));
    const lines = this.#lines;
    this.#progress.clear();
    this.#lines = [];
    try {
      if (progress.length > 0) await this.#database.query(writeProgress, [JSON.stringify(progress)]);
      if (lines.length > 0) await this.#database.query(writeLines, [JSON.stringify(lines)]);
    } catch (error) {
      this.#lines = [...lines, ...this.#lines].slice(-mostLines);
      this.#logger.warn({ error, lines: lines.length }, 'Progress and log lines could not be written yet');
    }
  }

  #flushSoon(): void {
    this.#callOff ??= this.#clock.within(flushMs, () => void this.flush());
  }
}

const writeProgress = `
  insert into twolane.progress (job_id, percent, note)
  select id, percent, note from json_to_recordset($1) as x(id bigint, percent real, note text) order by id
  on conflict (job_id) do update set percent = excluded.percent, note = excluded.note, at = now()`;
const writeLines = `
  insert into twolane.logs (job_id, attempt, at, message, fields)
  select id, attempt, at, message, fields
  from json_to_recordset($1) as x(id bigint, attempt int, at timestamptz, message text, fields jsonb)`;
