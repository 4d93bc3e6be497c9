/** Which addresses an outgoing call may reach: the public internet, and what the configuration allows besides. */
import ipaddr from 'ipaddr.js';
import { TwolaneError } from '../contract/errors.ts';

/** What may be called although it is private or on an unusual port: networks in CIDR notation, and names of hosts. */
export interface Allowed {
  networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];
  hosts: ReadonlySet<string>;
}

/** Azure answers for the host of a virtual machine at a public address. */
const publicButInternal = new Set(['168.63.129.16']);
/** The only block of IPv6 from which public addresses are given. */
const global6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Reads a list such as `10.1.0.0/16, ::1, hooks.internal`.
 * @throws TwolaneError `invalid_configuration` naming the entry that is none of these
 */
export function parseAllowed(text: string): Allowed {
  const entries = text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '');
  const hosts = entries.filter((entry) => !isNetwork(entry));
  const wrong = hosts.find((entry) => !/^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(entry));
  if (wrong)
    throw new TwolaneError(
      'invalid_configuration',
      `TWOLANE_OUTGOING_ALLOW: "${wrong}" is neither a network such as 10.1.0.0/16 nor the name of a host`,
    );
  return { networks: entries.filter(isNetwork).map(networkOf), hosts: new Set(hosts) };
}

/** Whether anybody on the internet has this address: not private, local, shared, reserved, translated or a group. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || publicButInternal.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(global6);
}

/** Whether a network of the list holds the address. IPv4 inside IPv6 has to be listed as what it is. */
export function isListed(address: string, { networks }: Allowed): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  return networks.some(([network, bits]) => parsed.kind() === network.kind() && parsed.match(network, bits));
}

function isNetwork(entry: string): boolean {
  return ipaddr.isValidCIDR(entry) || (ipaddr.isValid(entry) && (entry.includes(':') || entry.split('.').length === 4));
}

function networkOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (entry.includes('/')) return ipaddr.parseCIDR(entry);
  const address = ipaddr.parse(entry);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
