/** The network of one process: silent one way or both, slow, cut in the middle of a frame, reset again and again. */
import type { Direction, FaultProxy } from '../../support/fault-proxy.ts';
import type { Member } from '../fleet.ts';
import { between, type Injury, pause, prove } from './injury.ts';

const sum = (member: Member, of: (proxy: FaultProxy) => number) =>
  member.proxies.reduce((total, proxy) => total + of(proxy), 0);

function partition(what: string, ...directions: Direction[]): Injury {
  return {
    name: `One process cut off from its servers, ${what}`,
    concerns: 'network',
    async inflict({ fleet }, { draw }) {
      const member = fleet.pick(draw);
      const before = sum(member, (proxy) => proxy.lost);
      for (const proxy of member.proxies) proxy.swallow(...directions);
      await pause(between(draw, 4_000, 14_000));
      for (const proxy of member.proxies) proxy.swallow();
      const lost = sum(member, (proxy) => proxy.lost) - before;
      prove(lost > 0, `${member.name} lost no bytes`);
      return `${lost} bytes of ${member.name} vanished`;
    },
  };
}

const halfFrames: Injury = {
  name: 'Connections cut in the middle of a frame',
  concerns: 'network',
  async inflict({ fleet }, { draw }) {
    const member = fleet.pick(draw);
    const before = sum(member, (proxy) => proxy.halved);
    for (const proxy of member.proxies) proxy.halve(true);
    await pause(between(draw, 1_000, 3_000));
    for (const proxy of member.proxies) proxy.halve(false);
    const halved = sum(member, (proxy) => proxy.halved) - before;
    prove(halved > 0, `no frame of ${member.name} was cut`);
    return `${halved} frames of ${member.name} were cut`;
  },
};

const resets: Injury = {
  name: 'Connections reset every 200 ms',
  concerns: 'network',
  async inflict({ fleet }, { draw }) {
    const member = fleet.pick(draw);
    let count = 0;
    for (const until = Date.now() + between(draw, 3_000, 8_000); Date.now() < until; ) {
      for (const proxy of member.proxies) count += proxy.reset();
      await pause(200);
    }
    prove(count > 0, `${member.name} had no connection`);
    return `${count} sockets of ${member.name} were reset`;
  },
};

const slow: Injury = {
  name: 'Everything arrives 300 ms late at one process',
  concerns: 'network',
  async inflict({ fleet }, { draw }) {
    const member = fleet.pick(draw);
    for (const proxy of member.proxies) proxy.delay(300);
    const ms = between(draw, 3_000, 8_000);
    await pause(ms);
    for (const proxy of member.proxies) proxy.delay(0);
    return `${member.name} was far away for ${ms} ms`;
  },
};

export const networkInjuries: readonly Injury[] = [
  partition('both ways', 'toServer', 'toClient'),
  partition('on the way to them', 'toServer'),
  partition('on the way to it', 'toClient'),
  halfFrames,
  resets,
  slow,
];
