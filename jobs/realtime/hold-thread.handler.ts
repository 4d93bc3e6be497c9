/** See `hold-thread.job.ts`. It has waited; there is nothing to do. */
import type { Handler } from '../../src/contract/handler.ts';
import type { holdThread } from './hold-thread.job.ts';

export const holdThreadHandler = (): Handler<typeof holdThread> => async () => undefined;
