/** The log: pino, one readable line on a terminal, JSON elsewhere, and only fields that are known to be harmless. */
import { type DestinationStream, type LoggerOptions, type Logger as PinoLogger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Logger } from '../contract/logger.ts';
import { allowed, errorFields } from './allowed-fields.ts';

/**
 * Builds a log on standard output.
 * @param options.level least severe record that is written.
 * @param options.name the role of this process, in every record.
 * @param options.destination where to write instead of standard output.
 */
export function createLogger(options: { level: string; name?: string; destination?: DestinationStream }): Logger {
  const settings: LoggerOptions = {
    level: options.level,
    base: options.name === undefined ? {} : { process: options.name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }), log: allowed },
    serializers: { err: errorFields, error: errorFields },
  };
  if (options.destination) return guarded(pino(settings, options.destination));
  if (!process.stdout.isTTY) return guarded(pino(settings));
  const singleLine = pretty({
    singleLine: true,
    ignore: 'pid,hostname,requestId,traceId',
    translateTime: 'SYS:HH:MM:ss',
  });
  return guarded(pino(settings, singleLine));
}

/** pino passes the fields of a child by its formatters, so they go through the list here. */
function guarded(log: PinoLogger): Logger {
  const child = log.child.bind(log);
  return Object.assign(log, { child: (fields: object) => guarded(child(allowed({ ...fields }))) });
}
