/** `twolane/bullmq`: what helps an app of BullMQ to move. */
export { type BridgeOptions, BullmqBridge } from './bridge.ts';
export { Job } from './job.ts';
export { Queue, type QueueOptions } from './queue.ts';
export type { BullmqJobs, JobEntry, JobsOptions, RepeatOptions } from './types.ts';
