/** Every injury of the chaos run. */
import { brokerInjuries } from './brokers.ts';
import { databaseInjuries } from './database.ts';
import { deliveryInjuries } from './deliveries.ts';
import type { Injury } from './injury.ts';
import { networkInjuries } from './network.ts';
import { processInjuries } from './processes.ts';

export type { Injury };

export const injuries: readonly Injury[] = [
  ...processInjuries,
  ...brokerInjuries,
  ...databaseInjuries,
  ...networkInjuries,
  ...deliveryInjuries,
];
