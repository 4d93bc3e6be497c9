/** Payload versions: how a payload of an older shape becomes one of the present shape, one version at a time. */
import { NonRetryableError } from './errors.ts';
import type { JobDefinition } from './job.ts';

/** One step: a payload of one version in, a payload of the next one out. Its parameter states the old shape. */
export type Upcaster = (old: never) => unknown;
/** Steps by the version that they start from. */
export type Upcasters = Readonly<Record<number, Upcaster>>;

type Counted<N extends number, T extends unknown[] = []> = T['length'] extends N ? T : Counted<N, [...T, unknown]>;
type Next<K extends number> = [...Counted<K>, unknown]['length'];
type Takes<F> = F extends (old: infer Old) => unknown ? Old : never;

/** Holds a chain together: each step gives what the next one takes, the last one what the present schema takes. */
export type Chain<U, Present> = {
  [K in keyof U]: (old: never) => K extends number ? (Next<K> extends keyof U ? Takes<U[Next<K>]> : Present) : never;
};

/** The versions below the present one that no step starts from; a definition with a gap could not read its old jobs. */
export function missingUpcasts(version: number, upcast: Upcasters | undefined): number[] {
  const older = Array.from({ length: version - 1 }, (_, index) => index + 1);
  return older.filter((from) => typeof upcast?.[from] !== 'function');
}

/**
 * Brings a payload of version `from` to the version of the definition; one of that version is answered as it is.
 * @throws NonRetryableError `upcast_failed`: the same payload would fail the same way again.
 */
export function upcastPayload(definition: JobDefinition, payload: unknown, from: number): unknown {
  let present = payload;
  for (let version = from; version < definition.version; version += 1) {
    try {
      const step = definition.upcast?.[version] as (old: unknown) => unknown;
      present = step(present);
    } catch (cause) {
      throw new NonRetryableError(
        `A payload of ${definition.type} could not be brought from version ${version} to ${version + 1}: ${String(cause)}`,
        { code: 'upcast_failed', cause },
      );
    }
  }
  return present;
}
