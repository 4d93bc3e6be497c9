/** An enqueuer whose jobs are spans: `send <type>`, which the run of the job continues. */
import {
  type Enqueue,
  type EnqueueItem,
  type EnqueueOptions,
  type Enqueuer,
  messagingAttributes,
  type Span,
  type SpanAttributes,
  type Tracer,
} from '../contract/index.ts';

/** Every way in makes one span; a call with many jobs is one span, and all of them continue it. */
export function tracedEnqueuer(enqueuer: Enqueuer, tracer: Tracer): Enqueuer {
  const enqueueWith = (enqueue: Enqueue): Enqueue => {
    return (job, payload, options) => {
      const attributes = messagingAttributes(job, 'send');
      const span = tracer.start({ ...toSend(job.type, options?.traceparent), attributes });
      const sent = enqueue(job, payload, { ...options, traceparent: span.traceparent } as typeof options);
      return ended(span, sent, ({ id }) => ({ 'messaging.message.id': id }));
    };
  };
  const many = (items: readonly EnqueueItem[]) => {
    const [first] = items;
    const span = tracer.start({
      ...toSend(`${items.length} jobs`, first?.options?.traceparent),
      attributes: { 'messaging.batch.message_count': items.length },
    });
    return { span, items: items.map((item) => ({ ...item, options: continued(item.options, span) })) };
  };
  return {
    enqueue: enqueueWith(enqueuer.enqueue),
    enqueueMany(given) {
      const { span, items } = many(given);
      return ended(span, enqueuer.enqueueMany(items));
    },
    enqueueIn(tx, given) {
      const { span, items } = many(given);
      return ended(span, enqueuer.enqueueIn(tx, items));
    },
    enqueueFlow(flow, options) {
      const span = tracer.start(toSend('flow', options?.traceparent));
      return ended(span, enqueuer.enqueueFlow(flow, { ...options, traceparent: span.traceparent }));
    },
    transaction: (work) => enqueuer.transaction((tx, enqueue) => work(tx, enqueueWith(enqueue))),
  };
}

const toSend = (what: string, parent: string | undefined) => ({
  name: `send ${what}`,
  kind: 'producer' as const,
  parent,
});

function continued<O extends EnqueueOptions>(options: O | undefined, { traceparent }: Span): O {
  return { ...options, traceparent } as O;
}

async function ended<T>(span: Span, work: Promise<T>, attributesOf?: (value: T) => SpanAttributes): Promise<T> {
  try {
    const value = await work;
    span.end({ attributes: attributesOf?.(value) });
    return value;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}
