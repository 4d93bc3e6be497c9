/** A lane whose consumers can be made deaf: connected, counted by the broker, given envelopes, and nothing comes of it. */
import { canaryType, type Lane } from '../../src/contract/index.ts';

export interface DeafLane {
  lane: Lane;
  /** The consumers that this queue has now lose everything they are given, until each was made anew twice. */
  deafen(queue: string): void;
  /** Probes published so far. */
  probes(): number;
}

export function deafLane(lane: Lane): DeafLane {
  const ears = new Map<string, Set<{ deafFor: number }>>();
  let probes = 0;
  const consume: Lane['consume'] = async (queue, options, onDelivery) => {
    const ear = { deafFor: 0 };
    ears.set(queue, (ears.get(queue) ?? new Set()).add(ear));
    const consumption = await lane.consume(queue, options, (delivery) => {
      if (ear.deafFor === 0) onDelivery(delivery);
    });
    const rebuild = async () => {
      ear.deafFor = Math.max(0, ear.deafFor - 1);
      await consumption.rebuild();
    };
    return { queue, rebuild, stop: () => consumption.stop(), close: () => consumption.close() };
  };
  const publish: Lane['publish'] = (queue, envelopes) => {
    probes += envelopes.filter((envelope) => envelope.type === canaryType).length;
    return lane.publish(queue, envelopes);
  };
  return {
    // The lanes keep their state in private fields, so their methods must run on themselves.
    lane: new Proxy(lane, {
      get(target, name) {
        if (name === 'consume') return consume;
        if (name === 'publish') return publish;
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
    deafen: (queue) => {
      for (const ear of ears.get(queue) ?? []) ear.deafFor = 2;
    },
    probes: () => probes,
  };
}
