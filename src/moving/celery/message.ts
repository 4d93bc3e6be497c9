/** Celery's message protocol, version 2: what a producer wrote, or why it can't be taken over. */
import { inflateSync } from 'node:zlib';
import type { Json, JsonObject } from '../../contract/index.ts';

/** The parts of a message of RabbitMQ that the protocol uses. */
export interface CeleryMessage {
  content: Buffer;
  properties: {
    contentType?: unknown;
    contentEncoding?: unknown;
    priority?: unknown;
    headers?: Record<string, unknown>;
  };
}

/** One call of a task. */
export interface CeleryTask {
  id: string;
  /** The name it was registered under: `app.tasks.resize`. */
  name: string;
  args: Json[];
  kwargs: JsonObject;
  /** How often a worker of Celery has tried it before. */
  retries: number;
  eta: Date | undefined;
  expires: Date | undefined;
  timeoutMs: number | undefined;
  /** Of RabbitMQ: 0 to 255, higher goes first. */
  priority: number | undefined;
  rootId: string | null;
  parentId: string | null;
}

export const refusals = ['protocol_v1', 'not_json', 'malformed', 'canvas', 'unknown_task', 'not_accepted'] as const;
export type Refusal = (typeof refusals)[number];

/** A message that goes to the queue of refused ones, with the sentence that says what to do. */
export class RefusedError extends Error {
  readonly code: Refusal;
  constructor(code: Refusal, message: string) {
    super(message);
    this.code = code;
  }
}

/** Most bytes of a body after it was decompressed. */
const mostBytes = 64 * 1024 * 1024;

/** @throws RefusedError */
export function readTask(message: CeleryMessage): CeleryTask {
  const headers = message.properties.headers ?? {};
  const { id, task: name } = headers;
  if (typeof name !== 'string' || typeof id !== 'string') throw withoutHeaders(message);
  const [args, kwargs, embed] = readBody(message);
  refuseCanvas(embed);
  return {
    id,
    name,
    args,
    kwargs,
    retries: wholeOr(headers.retries, 0) ?? 0,
    eta: timeOf('eta', headers.eta),
    expires: timeOf('expires', headers.expires),
    timeoutMs: timeLimitOf(headers.timelimit),
    priority: wholeOr(message.properties.priority, undefined),
    rootId: textOf(headers.root_id),
    parentId: textOf(headers.parent_id),
  };
}

/** Version 1 has its fields in the body. */
function withoutHeaders(message: CeleryMessage): RefusedError {
  const body = isJson(message) ? parse(message) : undefined;
  if (isObject(body) && typeof body.task === 'string') {
    const cure = 'Set task_protocol = 2 in the producer, which is the default since Celery 4';
    return new RefusedError('protocol_v1', `The message of task ${body.task} is in version 1 of the protocol. ${cure}`);
  }
  return new RefusedError('malformed', 'The message has no headers "task" and "id": no Celery producer wrote it');
}

function readBody(message: CeleryMessage): [Json[], JsonObject, JsonObject] {
  if (!isJson(message)) {
    const cure = 'Set task_serializer = "json" in the producer, which is the default since Celery 4';
    throw new RefusedError('not_json', `The body is ${String(message.properties.contentType)}. ${cure}`);
  }
  const body = parse(message);
  if (!Array.isArray(body)) throw new RefusedError('malformed', 'The body is not a list of args, kwargs and embed');
  const [args, kwargs, embed] = body;
  if (!Array.isArray(args)) throw new RefusedError('malformed', 'The positional arguments are not a list');
  if (!isObject(kwargs)) throw new RefusedError('malformed', 'The keyword arguments are not an object');
  return [args, kwargs, isObject(embed) ? embed : {}];
}

/** What shall follow a task would never come: the one that calls it is a worker of Celery. */
function refuseCanvas(embed: JsonObject): void {
  const found = ['callbacks', 'errbacks', 'chain', 'chord'].filter((part) => {
    const value = embed[part];
    return Array.isArray(value) ? value.length > 0 : value !== null && value !== undefined;
  });
  if (found.length === 0) return;
  const cure = 'Leave such tasks to workers of Celery, or enqueue the whole as a flow (docs/jobs.md, Flows)';
  throw new RefusedError('canvas', `The task is part of a canvas (${found.join(', ')}). ${cure}`);
}

function isJson({ properties: { contentType } }: CeleryMessage): boolean {
  return contentType === 'application/json';
}

function parse(message: CeleryMessage): Json {
  const text = decode(message).toString('utf8');
  try {
    return JSON.parse(text, untag);
  } catch {
    throw new RefusedError('malformed', 'The body is not valid JSON, though it says so');
  }
}

function decode({ content, properties }: CeleryMessage): Buffer {
  const headers = properties.headers ?? {};
  const base64 = [properties.contentEncoding, headers.body_encoding].includes('base64');
  const bytes = base64 ? Buffer.from(content.toString('latin1'), 'base64') : content;
  const { compression } = headers;
  if (compression === undefined || compression === null) return bytes;
  if (compression !== 'application/x-gzip' && compression !== 'gzip' && compression !== 'zlib') {
    const cure = 'Set task_compression = "gzip" in the producer, or none';
    throw new RefusedError('malformed', `The body is compressed with ${String(compression)}. ${cure}`);
  }
  try {
    // Celery's gzip is zlib's format.
    return inflateSync(bytes, { maxOutputLength: mostBytes });
  } catch {
    throw new RefusedError('malformed', 'The compressed body is damaged, or larger than 64 MiB');
  }
}

/** kombu 5.3 and newer tag dates, decimals and UUIDs: their text is what stays, as older ones write it. */
function untag(_: string, value: unknown): unknown {
  if (!isObject(value) || !('__type__' in value) || !('__value__' in value)) return value;
  const inner = value.__value__;
  return isObject(inner) && typeof inner.hex === 'string' ? inner.hex : inner;
}

/** Times without a zone are UTC, Celery's default. */
function timeOf(name: string, value: unknown): Date | undefined {
  if (value === null || value === undefined) return undefined;
  const text = String(value);
  const time = new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  if (typeof value === 'string' && !Number.isNaN(time.getTime())) return time;
  throw new RefusedError('malformed', `The header ${name} is no time in ISO 8601`);
}

/** `[hard, soft]`, seconds. The soft one asks the handler to stop, as our time limit does. */
function timeLimitOf(value: unknown): number | undefined {
  const [hard, soft] = Array.isArray(value) ? value : [];
  const seconds = Number(soft ?? hard ?? 0);
  return seconds > 0 ? Math.ceil(seconds * 1_000) : undefined;
}

function wholeOr<T>(value: unknown, otherwise: T): number | T {
  return Number.isInteger(value) ? (value as number) : otherwise;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
