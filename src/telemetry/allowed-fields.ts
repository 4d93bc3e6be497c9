/** What may stand in a log record. An allow-list: a field that nobody thought of is hidden, not printed. */

/** Names of fields that hold ids, counts, durations and words of our own, never what a user typed. */
const harmless = new Set([
  ...['requestId', 'traceId', 'method', 'route', 'status', 'ms', 'actor', 'clientGone', 'instance'],
  ...['process', 'role', 'broker', 'page', 'what', 'why', 'waitedMs', 'fault', 'lines', 'action', 'target'],
  ...['err', 'error', 'code', 'reason', 'detail', 'state', 'signal', 'outcome', 'component'],
  ...['id', 'ids', 'job', 'jobs', 'jobId', 'jobIds', 'type', 'lane', 'queue', 'queues', 'attempt', 'attempts', 'fence'],
  ...['worker', 'session', 'sessions', 'host', 'pid', 'version', 'server', 'concurrency', 'epoch', 'path'],
  ...['count', 'total', 'limit', 'size', 'bytes', 'delayMs', 'retryInMs', 'timeoutMs', 'durationMs', 'drainMs'],
  ...[
    'port',
    'link',
    'url',
    'migrations',
    'applied',
    'mediaId',
    'postId',
    'schedule',
    'free',
    'confirmed',
    'unconfirmed',
  ],
]);

/** The record with the value of every other field replaced. Addresses lose their user name, password and query. */
export function allowed(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, harmless.has(name) ? bare(value) : '[hidden]']),
  );
}

function bare(value: unknown): unknown {
  return typeof value === 'string' && value.includes('://') ? withoutSecrets(value) : value;
}

/** `amqp://user:secret@host/x?token=1` becomes `amqp://host/x`. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s?#]*)(?:[?#]\S*)?/gi, '$1$2');
}

/**
 * What the log keeps of an error, its causes included. The other fields of a driver's error (`detail`, `parameters`,
 * `where`) quote rows and are left out.
 */
export function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { name, message, stack, cause, code } = error as Error & { code?: unknown };
  return { type: name, message, code, stack, ...(cause === undefined ? {} : { cause: errorFields(cause) }) };
}
