/** The connection of a session: it holds the lock that tells a live process from a dead one, and listens for the worker. */
import type { Logger } from '../contract/index.ts';
import type { Database } from './database.ts';
import type { HeldConnection, HoldOptions } from './held-connection.ts';

export interface SessionLockOptions {
  database: Database;
  listen: NonNullable<HoldOptions['listen']>;
  /** The connection, and the lock with it, is gone although nobody here has let it go. */
  onBroken(): void;
  logger: Logger;
}

/** A connection that does not answer for so long is given up. Milliseconds. */
const answerMs = 5_000;

export class SessionLock {
  readonly #options: SessionLockOptions;
  #connection: HeldConnection | undefined;
  #locked = false;

  constructor(options: SessionLockOptions) {
    this.#options = options;
  }

  /**
   * Makes sure of the connection and of the lock. While PostgreSQL still has an earlier connection of this session, that one
   * has the lock and the session counts as alive; the next call tries again.
   */
  async keep(id: number): Promise<void> {
    const connection = this.#connection ?? (await this.#connect());
    this.#connection = connection;
    if (this.#locked) return;
    try {
      this.#locked = await connection.lock('sessions', id);
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  /** Lets the connection go, whatever its state. */
  drop(): void {
    void this.end();
  }

  async end(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#locked = false;
    const told = (error: unknown) => this.#options.logger.debug({ error }, 'The session connection was gone already');
    await connection?.end().catch(told);
  }

  async #connect(): Promise<HeldConnection> {
    const { database, listen, onBroken, logger } = this.#options;
    let connection: HeldConnection | undefined;
    connection = await database.hold({
      timeoutMs: answerMs,
      listen,
      onGone: (error) => {
        if (error) logger.warn({ error: error.message }, 'The session connection broke');
        if (this.#connection !== connection) return;
        this.drop();
        onBroken();
      },
    });
    return connection;
  }
}
