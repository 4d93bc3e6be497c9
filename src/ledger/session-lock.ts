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

/** Milliseconds for a statement. */
const answerMs = 5_000;
/** Heartbeats that were answered on other connections while this one was silent: then the network has forgotten it. */
const mostUnanswered = 5;

export class SessionLock {
  readonly #options: SessionLockOptions;
  #connection: HeldConnection | undefined;
  #former: number | undefined;
  #locked = false;
  #unanswered = 0;

  constructor(options: SessionLockOptions) {
    this.#options = options;
  }

  /**
   * Makes sure of the connection and of the lock; call it with every heartbeat. While PostgreSQL still has an earlier connection
   * of this session, that one has the lock and the session counts as alive; the next call tries again.
   */
  async keep(id: number): Promise<void> {
    if (this.#connection && this.#isDeaf(this.#connection)) this.drop();
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

  /** Asks whether anybody is at the other end, without waiting: a heartbeat must not wait for it. */
  #isDeaf(connection: HeldConnection): boolean {
    if (this.#unanswered === mostUnanswered) {
      this.#options.logger.warn({}, 'The session connection is silent although PostgreSQL answers; taking another one');
      return true;
    }
    this.#unanswered += 1;
    connection.check().then(
      () => {
        this.#unanswered = 0;
      },
      (error) => this.#options.logger.debug({ error }, 'The session connection did not answer'),
    );
    return false;
  }

  /** Lets the connection go, whatever its state. */
  drop(): void {
    void this.end();
  }

  async end(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#former = connection?.pid ?? this.#former;
    this.#locked = false;
    this.#unanswered = 0;
    const told = (error: unknown) => this.#options.logger.debug({ error }, 'The session connection was gone already');
    await connection?.end().catch(told);
  }

  async #connect(): Promise<HeldConnection> {
    const { database, listen, onBroken, logger } = this.#options;
    let connection: HeldConnection | undefined;
    connection = await database.hold({
      timeoutMs: answerMs,
      former: this.#former,
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
