/** Sends one delivery: what the handler of `deliver-webhook` calls. */
import {
  type JobContext,
  type Logger,
  NonRetryableError,
  RetryAfterError,
  type Transactional,
  TwolaneError,
  type WebhookAttempt,
} from '../contract/index.ts';
import { type Outgoing, retryAfterMs } from '../outgoing/index.ts';
import { insertAttempt, readSendable, type Sendable, setDeliveryState } from './deliveries.ts';
import { noteFailure, noteSuccess, type Patience } from './health.ts';
import { idOfEvent } from './rows.ts';
import { signedHeaders } from './sign.ts';

export interface DelivererOptions {
  database: Transactional;
  outgoing: Outgoing;
  patience: Patience;
  /** For the head of the receiver's answer, milliseconds. */
  timeoutMs: number;
  logger: Logger;
}

export interface WebhookDeliverer {
  /**
   * Sends the delivery and settles the job with its record.
   * @throws RetryAfterError when the receiver said when to come back, NonRetryableError after 410, TwolaneError
   * `not_delivered` otherwise, for the back-off of the job type to decide
   */
  deliver(deliveryId: string, context: JobContext<void>): Promise<void>;
}

/** Receivers that ask for more time than this are asked again after it, milliseconds. */
const longestWaitMs = 24 * 60 * 60_000;

type Tried = WebhookAttempt & { retryAfterMs: number | undefined };

export function webhookDeliverer(options: DelivererOptions): WebhookDeliverer {
  const { database } = options;
  return {
    async deliver(deliveryId, context) {
      const sendable = await readSendable(database, deliveryId);
      if (!sendable || sendable.state === 'delivered') return;
      if (!sendable.enabled)
        return context.settle((tx) => setDeliveryState(tx, deliveryId, 'skipped', 'The webhook is disabled.'));
      const tried = await send(options, sendable, context.signal);
      if (tried.error === null)
        return context.settle(async (tx) => {
          await insertAttempt(tx, deliveryId, tried);
          await setDeliveryState(tx, deliveryId, 'delivered');
          await noteSuccess(tx, sendable.webhook_id);
        });
      // Aborted by us: nothing is known of the receiver, and the attempt is made again.
      context.signal.throwIfAborted();
      await recordFailure(options, { deliveryId, sendable, tried, context });
      throw whatFollows(tried);
    },
  };
}

async function send(
  { outgoing, timeoutMs }: DelivererOptions,
  sendable: Sendable,
  signal: AbortSignal,
): Promise<Tried> {
  const { url, secrets } = sendable;
  const body = sendable.body ?? '';
  const at = new Date().toISOString();
  const started = performance.now();
  const tried = (status: number | null, error: string | null, retryAfterMs?: number): Tried => ({
    ...{ at, durationMs: Math.round(performance.now() - started), status, error, retryAfterMs },
  });
  try {
    const headers = signedHeaders(idOfEvent(sendable.event_id), body, secrets);
    const answer = await outgoing.call({ method: 'POST', url, headers, body, schemes: ['https:'], timeoutMs, signal });
    // Nobody asks for the body, and it might be anything.
    answer.destroy();
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return tried(status, null);
    return tried(status, `The receiver answered ${status}`, retryAfterMs(answer));
  } catch (error) {
    return tried(null, errorText(error));
  }
}

interface Failure {
  deliveryId: string;
  sendable: Sendable;
  tried: Tried;
  context: JobContext<void>;
}

async function recordFailure({ database, patience, logger }: DelivererOptions, failure: Failure): Promise<void> {
  const { deliveryId, sendable, tried, context } = failure;
  const gone = tried.status === 410;
  const disabled = await database.transaction(async (tx) => {
    await insertAttempt(tx, deliveryId, tried);
    if (gone || context.attempt >= context.maxAttempts) await setDeliveryState(tx, deliveryId, 'failed', tried.error);
    return noteFailure(tx, sendable.webhook_id, patience, gone);
  });
  if (disabled) logger.warn({ id: sendable.webhook_id, reason: disabled }, 'A webhook was disabled');
}

function whatFollows({ status, error, retryAfterMs }: Tried): Error {
  const message = error ?? '';
  if (status === 410) return new NonRetryableError(message, { code: 'receiver_gone' });
  if (retryAfterMs !== undefined) return new RetryAfterError(message, Math.min(retryAfterMs, longestWaitMs));
  return new TwolaneError('not_delivered', message);
}

function errorText(error: unknown): string {
  if (error instanceof TwolaneError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return (code ? `The connection failed: ${code}` : message).slice(0, 500);
}
