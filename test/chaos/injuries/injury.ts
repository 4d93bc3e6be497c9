/** What an injury is: one way to hurt a running installation, which proves that it did. */
import type { Chance } from '../../../scripts/demo/chance.ts';
import type { Load } from '../load.ts';
import type { World } from '../world.ts';

export interface Injury {
  name: string;
  /** What is hurt: two injuries of one run may overlap when they concern different things. */
  concerns: 'processes' | 'rabbitmq' | 'redis' | 'postgres' | 'network' | 'deliveries';
  /**
   * Hurts, waits, heals. Answers what proves that something was hurt.
   * @throws Error when nothing was, or when what was promised of this fault did not come true.
   */
  inflict(world: World, means: Means): Promise<string>;
}

export interface Means {
  draw: Chance;
  load: Load;
}

/** A time between two, milliseconds. */
export function between(draw: Chance, least: number, most: number): number {
  return Math.round(least + draw() * (most - least));
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** @throws Error when an injury was none */
export function prove(happened: boolean, what: string): void {
  if (!happened) throw new Error(`Nothing was hurt: ${what}`);
}
