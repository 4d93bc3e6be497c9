/** Takes the jobs of dead processes back. Who is dead is decided by two looks, 200 ms apart, of somebody who is well himself. */
import type { Logger } from '../contract/index.ts';
import type { Database } from './database.ts';

export interface DeadProcessesOptions {
  database: Database;
  leaseMs: number;
  /** Whether the connection of this process has broken within the last so many milliseconds. */
  brokeWithin(ms: number): boolean;
  logger: Logger;
}

/** So long after PostgreSQL cut every connection each live process has its session's lock again. */
const reconnectMs = 3_000;

export class DeadProcesses {
  readonly #options: DeadProcessesOptions;
  /** Sessions that looked dead at the last look; the second look decides. */
  #suspects = new Set<number>();

  constructor(options: DeadProcessesOptions) {
    this.#options = options;
  }

  /**
   * One look: a connection that broke and came back must not cost a live process its jobs. Whose own connection broke judges
   * nobody for a while, since perhaps all of them did.
   */
  async look(): Promise<void> {
    const { database, leaseMs, brokeWithin } = this.#options;
    if (brokeWithin(reconnectMs)) {
      this.#suspects.clear();
      return;
    }
    const { rows } = await database.query<{ id: number }>('select suspects as id from twolane.suspects($1)', [leaseMs]);
    const suspects = rows.map((row) => row.id);
    for (const id of suspects.filter((suspect) => this.#suspects.has(suspect))) await this.#bury(id);
    this.#suspects = new Set(suspects);
  }

  async #bury(id: number): Promise<void> {
    const { database, logger } = this.#options;
    const buried = await database.retrying(() =>
      database.query<{ requeued: number; died: number }>('select * from twolane.bury($1, $2)', [
        id,
        'The process that ran this job ended or went silent',
      ]),
    );
    if (buried.rows[0]) logger.warn({ session: id, ...buried.rows[0] }, 'A process died; its jobs go elsewhere');
  }
}
