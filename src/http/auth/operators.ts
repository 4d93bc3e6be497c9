/** Operators: people with a password and a cookie session for the dashboard. */

/** How the dashboard logs people in, knows them again and lets them go. */
export interface OperatorSessions {
  /**
   * Checks the password. Undefined when it is wrong or the name is unknown (both take the same time).
   * @returns the value of the session cookie, and the token that every changing request must carry.
   * @throws Problem 429 `too_many_attempts` after repeated failures for a name, with Retry-After.
   */
  login(name: string, password: string): Promise<{ cookie: string; csrf: string } | undefined>;
  /** Who the cookie belongs to; undefined when it is unknown, idle for 8 h or older than 7 days. */
  find(cookie: string): Promise<{ name: string; csrf: string } | undefined>;
  logout(cookie: string): Promise<void>;
}
