/** The shared words and ports in one import. */
export * from './auth.ts';
export * from './define-job.ts';
export * from './enqueuer.ts';
export * from './envelope.ts';
export * from './errors.ts';
export * from './feed-store.ts';
export * from './file-store.ts';
export * from './job.ts';
export * from './lane.ts';
export * from './ledger.ts';
export * from './logger.ts';
export * from './media.ts';
export * from './metrics.ts';
export * from './outcome.ts';
export * from './pointer.ts';
export * from './state.ts';
export * from './words.ts';
