/** What is kept of a client's address: its network, which says enough about a flood and does not name a household. */
import { isIPv4, isIPv6 } from 'node:net';

/** The /24 of an IPv4 address, the /48 of an IPv6 one; `unknown` for anything else. */
export function networkOf(address: string): string {
  const v4 = address.replace(/^::ffff:/i, '');
  if (isIPv4(v4)) return `${v4.split('.').slice(0, 3).join('.')}.0/24`;
  if (!isIPv6(address)) return 'unknown';
  // The canonical form has no leading zeros and one run of zeros left out.
  const canonical = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = canonical.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const groups = tail === undefined ? before : [...before, ...zeros(8 - before.length - after.length), ...after];
  return `${groups.slice(0, 3).join(':')}::/48`;
}

function zeros(count: number): string[] {
  return Array.from({ length: count }, () => '0');
}
