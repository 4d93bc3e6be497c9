/** Traces by OpenTelemetry: the tracer over its API, and its SDK for processes that bring none of their own. */
import {
  type Context,
  context,
  isSpanContextValid,
  type Span as OtelSpan,
  propagation,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Span, Tracer } from '../contract/tracing.ts';

const kinds = {
  server: SpanKind.SERVER,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Spans go to whatever provider is registered in the process, also one that an app has registered itself. */
export function openTelemetryTracer(version: string): Tracer {
  const tracer = trace.getTracer('twolane', version);
  return {
    start({ name, kind, parent, attributes, startedAt }) {
      const within = parent === undefined ? context.active() : contextOf(parent);
      const span = tracer.startSpan(name, { kind: kinds[kind], attributes, startTime: startedAt }, within);
      return toSpan(span, within, parent);
    },
  };
}

function contextOf(traceparent: string): Context {
  const spanContext = parse(traceparent);
  return spanContext ? trace.setSpanContext(context.active(), spanContext) : context.active();
}

/** W3C Trace Context, version 00. */
function parse(traceparent: string) {
  const [, traceId, spanId, flags] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

function format({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

function toSpan(span: OtelSpan, within: Context, parent: string | undefined): Span {
  const own = span.spanContext();
  const inside = trace.setSpan(within, span);
  return {
    traceparent: isSpanContextValid(own) ? format(own) : parent,
    run: (work) => context.with(inside, work),
    end({ error, name, attributes } = {}) {
      if (name !== undefined) span.updateName(name);
      if (attributes) span.setAttributes(attributes);
      if (error !== undefined) {
        const message = error instanceof Error ? error.message : String(error);
        span.setStatus({ code: SpanStatusCode.ERROR, message: message.slice(0, 500) });
      }
      span.end();
    },
  };
}

/**
 * Starts the SDK, which reads the variables of OpenTelemetry: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME (default
 * `twolane`) and the others.
 * It is loaded only here. The answer sends what is left and ends it.
 */
export async function startOpenTelemetry(): Promise<() => Promise<void>> {
  const [
    { NodeTracerProvider, BatchSpanProcessor },
    { OTLPTraceExporter },
    { detectResources, envDetector, resourceFromAttributes },
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace-node'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'twolane' }).merge(
      detectResources({ detectors: [envDetector] }),
    ),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  return async () => {
    await provider.shutdown();
    for (const api of [trace, context, propagation]) api.disable();
  };
}
