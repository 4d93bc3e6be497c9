/** `twolane/gearman`: the door for Gearman clients, in the app's own process. */
export { type GearmanDoor, type GearmanOptions, openGearmanDoor } from './door.ts';
export type { GearmanFunction, GearmanFunctions } from './functions.ts';
