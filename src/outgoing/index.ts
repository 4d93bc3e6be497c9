/** What calls the outside world: one guarded client for all of it. */

export type { Outgoing, OutgoingCall, Scheme } from '../contract/outgoing.ts';
export { type Allowed, isListed, isPublicAddress, parseAllowed } from './addresses.ts';
export { createOutgoing } from './client.ts';
export { OutgoingRefused, type Resolve } from './guard.ts';
export { retryAfterMs } from './retry-after.ts';
export { createWebPush, goneStatuses, type PushMessage, type PushSettings, type WebPush } from './web-push.ts';
