/** The port of traces: spans that follow a request through the ledger, a broker and a worker to the jobs that come of it. */
import { type LaneName, queuePath } from './words.ts';

export interface SpanStart {
  name: string;
  kind: 'server' | 'producer' | 'consumer' | 'internal';
  /** W3C trace context that the span continues. Default: what runs now, else a new trace. */
  parent?: string | undefined;
  attributes?: SpanAttributes;
  /** Default: now. */
  startedAt?: Date;
}

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface Span {
  /** W3C trace context of this span, for what continues it elsewhere; the parent's while nobody collects spans. */
  readonly traceparent: string | undefined;
  /** What this starts, and everything that it awaits, belongs to the span. */
  run<T>(work: () => T): T;
  /** `error` marks the span as failed. A later name and more attributes may be known only now. */
  end(how?: { error?: unknown; name?: string; attributes?: SpanAttributes }): void;
}

/** Undefined wherever it may be given means that nothing is traced, and costs nothing. */
export interface Tracer {
  start(span: SpanStart): Span;
}

/** Names by the conventions of OpenTelemetry for messaging, so that tools know sending from running. */
export function messagingAttributes(
  job: { lane: LaneName; queue: string; type: string },
  operation: 'send' | 'process',
): SpanAttributes {
  return {
    'messaging.system': job.lane === 'realtime' ? 'rabbitmq' : 'bullmq',
    'messaging.destination.name': queuePath(job.lane, job.queue),
    'messaging.operation.name': operation,
    'messaging.operation.type': operation,
    'twolane.job.type': job.type,
  };
}
