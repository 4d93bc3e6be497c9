/** What handlers may use: built once per process by `src/twolane.ts` and by the product, handed to `jobs/handlers.ts`. */
import type { Enqueuer, FileStore, MediaUploads, OperationRunner } from '../src/contract/index.ts';
import type { MediaServices } from '../src/media/index.ts';
import type { WebhookDeliverer } from '../src/webhooks/index.ts';

export interface PlatformServices {
  enqueuer: Enqueuer;
  files: FileStore;
  media: MediaServices;
  uploads: MediaUploads;
  operations: OperationRunner;
  webhooks: WebhookDeliverer;
}
