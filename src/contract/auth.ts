/** The ports of logging in: the token desk, which hands out bearer tokens, and what a product may put in front of it. */
import type { Queryable } from './database.ts';

/**
 * `session` a user's login, `access` a short-lived token for a browser or device, `stream` a ticket for `?ticket=` on
 * event streams, where no header can be sent.
 */
export type TokenKind = 'session' | 'access' | 'stream';

export interface TokenIssuer {
  /**
   * Makes a token of 256 random bits; only its SHA-256 is stored, so it is shown once.
   * @param request.expiresInS lifetime in seconds, of a `session` from its last use; a `stream` ticket never lives longer than 60.
   * @returns the token and its end, ISO 8601 UTC.
   */
  issue(request: {
    userId: string;
    kind: TokenKind;
    scopes: readonly string[];
    expiresInS: number;
    /** Of the key that makes it: the token reaches no further. */
    tenant?: string | undefined;
  }): Promise<{ token: string; expiresAt: string }>;
  /** Ends one token; unknown ones are fine. A session is over at once, of the others processes notice within 5 s. */
  revoke(token: string): Promise<void>;
  /**
   * Ends every token of a user as part of a transaction.
   * @returns what to call once that has committed: when it resolves, no process lets any of the sessions in.
   */
  revokeAll(userId: string, tx: Queryable): Promise<() => Promise<void>>;
}

/** A session as a cache holds it. */
export interface CachedSession {
  userId: string;
  tenant: string | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/**
 * Where sessions are looked up first: quick, and the same for all processes. It may forget and fail as it likes: PostgreSQL
 * keeps them. Nothing here throws.
 */
export interface SessionCache {
  /** By the SHA-256 of its token in hex. `ended`: it was ended moments ago; undefined: not known here. */
  get(hash: string): Promise<CachedSession | 'ended' | undefined>;
  /** Keeps a session for a minute at most, unless it was ended meanwhile. */
  put(hash: string, session: CachedSession): Promise<void>;
  /** From now on these are over, also for whoever is about to `put` one. False when that could not be written. */
  end(hashes: readonly string[]): Promise<boolean>;
}
