/** Chance that can be repeated: the same seed draws the same world. */

/** Draws from 0 (included) to 1 (excluded). */
export type Chance = () => number;

/** The generator "mulberry32": small, quick, and good enough for a toy world. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A place from 0 to `count` - 1, the place k about as often as 1 / (k + 1): Zipf's law. */
export function zipf(draw: Chance, count: number): number {
  return Math.min(count - 1, Math.floor((count + 1) ** draw()) - 1);
}

/** A positive number around `middle` that is now and then much larger. */
export function lognormal(draw: Chance, middle: number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
  return middle * Math.exp(spread * normal);
}

export function pick<T>(draw: Chance, from: readonly T[]): T {
  return from[Math.floor(draw() * from.length)] as T;
}
