/** What is put together in `src/webhook-parts.ts`. */
export { type WebhookDeliverer, webhookDeliverer } from './deliver.ts';
export { type DeliveryJobs, handOverEvents } from './hand-over.ts';
export { registerInternalTypes } from './internal-types.ts';
export { eventOutbox } from './outbox.ts';
export { webhookService } from './service.ts';
