/** The port of the token desk: products and routes hand out bearer tokens without knowing where they are kept. */

/**
 * `session` a user's login, `access` a short-lived token for a browser or device, `stream` a ticket for `?ticket=` on
 * event streams, where no header can be sent.
 */
export type TokenKind = 'session' | 'access' | 'stream';

export interface TokenIssuer {
  /**
   * Makes a token of 256 random bits; only its SHA-256 is stored, so it is shown once.
   * @param request.expiresInS lifetime in seconds; a `stream` ticket never lives longer than 60.
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
  /** Ends one token; unknown ones are fine. Other processes notice within 5 s. */
  revoke(token: string): Promise<void>;
  /** Ends every token of a user. */
  revokeAll(userId: string): Promise<void>;
}
