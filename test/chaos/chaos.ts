/** A chaos run: load, a random schedule of injuries drawn from a seed, the time to recover from each, and the verdict. */
import { join } from 'node:path';
import { chance } from '../../scripts/demo/chance.ts';
import { Client } from './client.ts';
import { type Ended, endings } from './endings.ts';
import { injuries as all, type Injury } from './injuries/index.ts';
import { between, pause } from './injuries/injury.ts';
import { Load } from './load.ts';
import { quiet, type Verdict, verdict } from './verdict.ts';
import { World } from './world.ts';

export interface ChaosOptions {
  seed: number;
  /** How long injuries are inflicted; the verdict comes afterwards. */
  ms: number;
  /** Jobs a second. */
  rate: number;
  /** Default: all. */
  injuries?: readonly Injury[];
  /** Processes of each kind. Default 2. */
  size?: number;
  /** Leaves logs and ledgers in their folder when something was wrong. */
  keep?: boolean;
  log?(line: string): void;
}

/** One injury as it happened. */
export interface Inflicted {
  name: string;
  /** What showed that something was hurt; or, if it went wrong, why. */
  proof: string;
  failed: boolean;
  /** From the end of the injury until a job of each lane that was sent then had its effect. Milliseconds. */
  recoveredMs: number;
}

export interface ChaosRun {
  seed: number;
  seconds: number;
  inflicted: Inflicted[];
  verdict: Verdict;
  /** Processes that ended without being asked, with their last words: by poison, to be replaced, or for no known reason. */
  unasked: Ended[];
  repeatedRequests: number;
  folder: string | undefined;
}

const recoverWithinMs = 60_000;

export async function chaos(options: ChaosOptions): Promise<ChaosRun> {
  const { seed, rate, log = () => {} } = options;
  const startedAt = Date.now();
  const world = await World.start(options);
  const client = new Client(world.fleet);
  const load = new Load(client, chance(seed + 1), join(world.folder, 'accepted.jsonl'));
  let fine = false;
  try {
    load.start(rate);
    await recovered(world, load);
    const inflicted = await hurt(world, load, options);
    log('All injuries are over; waiting until everything is quiet');
    await load.stop();
    for (const why of load.refused.slice(0, 3)) log(`Refused: ${why}`);
    const stuck = await quiet(world, 180_000);
    const found = await verdict(world, load, stuck);
    fine = isFine(found, inflicted);
    return {
      seed,
      seconds: Math.round((Date.now() - startedAt) / 1_000),
      inflicted,
      verdict: found,
      unasked: endings(world, load),
      repeatedRequests: client.repeated,
      folder: options.keep && !fine ? world.folder : undefined,
    };
  } finally {
    client.closed = true;
    await load.stop();
    await world.stop(options.keep && !fine);
  }
}

export function isFine({ wrong }: Verdict, inflicted: readonly Inflicted[]): boolean {
  return Object.values(wrong).every((n) => n === 0) && inflicted.every(({ failed }) => !failed);
}

/** Each kind of injury once in a random order, then again in another, until the time is over. */
async function hurt(world: World, load: Load, options: ChaosOptions): Promise<Inflicted[]> {
  const { seed, ms, injuries = all, log = () => {} } = options;
  const draw = chance(seed);
  const until = Date.now() + ms;
  const inflicted: Inflicted[] = [];
  for (let deck: Injury[] = []; Date.now() < until; ) {
    if (deck.length === 0) deck = shuffled(injuries, draw);
    const now = [deck.pop() as Injury];
    // Misfortunes seldom come singly.
    const other = deck.findLastIndex(({ concerns }) => concerns !== now[0]?.concerns);
    if (draw() < 0.2 && other >= 0) now.push(...deck.splice(other, 1));
    const means = { draw: chance(Math.floor(draw() * 2 ** 32)), load };
    const outcomes = await Promise.allSettled(now.map((injury) => injury.inflict(world, means)));
    const tookMs = await recovered(world, load);
    for (const [n, outcome] of outcomes.entries()) {
      const failed = outcome.status === 'rejected' || tookMs > recoverWithinMs;
      const proof = outcome.status === 'fulfilled' ? outcome.value : String(outcome.reason);
      inflicted.push({ name: now[n]?.name ?? '', proof, failed, recoveredMs: tookMs });
      log(`${inflicted.length}. ${now[n]?.name}: ${proof}; ${failed ? 'FAILED' : 'recovered'} after ${tookMs} ms`);
    }
    await pause(between(draw, 500, 3_000));
  }
  return inflicted;
}

/** Sends a job of each lane and waits for its effect. */
async function recovered(world: World, load: Load): Promise<number> {
  const from = Date.now();
  const probes = await Promise.all([load.one('realtime'), load.one('bulk')]);
  const keys = probes.map(({ key }) => key);
  while (Date.now() - from <= recoverWithinMs) {
    const rows = await world.query('select key from chaos_effects where key = any($1)', [keys]);
    if (rows.length >= keys.length) break;
    await pause(50);
  }
  return Date.now() - from;
}

function shuffled<T>(from: readonly T[], draw: () => number): T[] {
  const left = [...from];
  return from.map(() => left.splice(Math.floor(draw() * left.length), 1)[0] as T);
}
