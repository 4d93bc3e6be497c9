/** The port of the log: structured fields first, then one sentence. A pino logger fits it as it is. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `fields` to every record. */
  child(fields: object): Logger;
}

/** Keeps silent: for parts that were given no logger. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLogger };
