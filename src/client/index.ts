/** `twolane/client`: a typed client of the HTTP API, for Node.js and browsers. */
export { type ClientOptions, createClient, type TwolaneClient } from './client.ts';
export { type FollowOptions, finalStates, type JobEvent, type JobState } from './follow.ts';
export type { components, paths } from './openapi.ts';
export { ProblemError, UnreachableError } from './problem.ts';
export type { Answer, ItemOf, ListPath } from './types.ts';
