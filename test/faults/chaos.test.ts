/**
 * The chaos run in short: TWOLANE_CHAOS_MINUTES (2) of random injuries from TWOLANE_CHAOS_SEED, or from a seed that is printed.
 * `npm run chaos` runs it for as long as you like.
 */
import { expect, test } from 'vitest';
import { chaos } from '../chaos/chaos.ts';
import { faultsIn } from '../chaos/verdict.ts';
import { long } from '../support/long.ts';

const minutes = Number(process.env.TWOLANE_CHAOS_MINUTES ?? 2);
const seed = Number(process.env.TWOLANE_CHAOS_SEED ?? Date.now() % 1_000_000);

test(`A fleet is hurt at random, seed ${seed}: nothing is lost, doubled or left`, {
  ...long,
  timeout: minutes * 60_000 + 900_000,
}, async () => {
  const { inflicted, verdict, unasked } = await chaos({ seed, ms: minutes * 60_000, rate: 40, log: console.log });
  expect(inflicted.filter(({ failed }) => failed)).toEqual([]);
  expect(inflicted.length).toBeGreaterThan(minutes);
  expect(unasked.filter(({ why }) => why === 'unexplained')).toEqual([]);
  expect(verdict.accepted).toBeGreaterThan(500);
  expect(faultsIn(verdict)).toEqual([]);
});
