/** What calls the outside world: one guarded client for all of it. */
export { type Allowed, isListed, isPublicAddress, parseAllowed } from './addresses.ts';
export { createOutgoing, type Outgoing, type OutgoingCall } from './client.ts';
export { OutgoingRefused, type Resolve, type Scheme } from './guard.ts';
export { retryAfterMs } from './retry-after.ts';
