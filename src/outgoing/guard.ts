/**
 * The guard of outgoing calls (SSRF): a URL from outside must not lead into our own network. What is checked is the address
 * that is connected to, at the moment of the connect, so a name that changes its address in between gains nothing.
 */
import type { LookupAddress } from 'node:dns';
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { TwolaneError } from '../contract/errors.ts';
import type { Scheme } from '../contract/outgoing.ts';
import { type Allowed, isListed, isPublicAddress } from './addresses.ts';

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export interface GuardOptions {
  allowed: Allowed;
  /** Default: the resolver of the system. */
  resolve?: Resolve;
}

const publicPorts = new Set(['80', '443', '8080', '8443']);
const resolveBySystem: Resolve = (host) => systemLookup(host, { all: true });

/** A call that was refused before anything was sent. The message says why and names no address of ours. */
export class OutgoingRefused extends TwolaneError {
  constructor(message: string) {
    super('url_refused', message);
  }
}

export class Guard {
  readonly #allowed: Allowed;
  readonly #resolve: Resolve;

  constructor({ allowed, resolve = resolveBySystem }: GuardOptions) {
    this.#allowed = allowed;
    this.#resolve = resolve;
  }

  /**
   * What can be said of a URL before its name is resolved.
   * @throws OutgoingRefused
   */
  checkUrl(text: string, schemes: readonly Scheme[]): URL {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url) throw new OutgoingRefused('This is no absolute URL');
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new OutgoingRefused(`URLs begin with ${schemes.join('// or ')}//`);
    if (url.username !== '' || url.password !== '')
      throw new OutgoingRefused('The URL must not hold a user or password');
    const host = hostOf(url);
    if (host === '') throw new OutgoingRefused('The URL names no host');
    if (this.#allowed.hosts.has(host) || isListed(host, this.#allowed)) return url;
    if (isIP(host) && !isPublicAddress(host)) throw notPublic();
    // A name may lead into a network that is allowed: scheme and port are judged with the address then.
    if (isIP(host) || this.#allowed.networks.length === 0) this.#checkPublicUse(url, schemes);
    return url;
  }

  /** A `lookup` for the sockets of one call: resolves, checks every address, and answers those that were checked. */
  lookupFor(url: URL, schemes: readonly Scheme[]): LookupFunction {
    return (host, options, callback) => {
      this.#checked(url, host, schemes).then(
        (addresses) => {
          const [first] = addresses;
          if (options.all) callback(null, addresses);
          else callback(null, first?.address ?? '', first?.family ?? 0);
        },
        (error: Error) => callback(error, []),
      );
    };
  }

  async #checked(url: URL, host: string, schemes: readonly Scheme[]): Promise<LookupAddress[]> {
    const addresses = await this.#resolve(host);
    if (addresses.length === 0) throw new OutgoingRefused('The name of the host leads nowhere');
    if (this.#allowed.hosts.has(hostOf(url))) return addresses;
    const unlisted = addresses.filter(({ address }) => !isListed(address, this.#allowed));
    if (unlisted.some(({ address }) => !isPublicAddress(address))) throw notPublic();
    if (unlisted.length > 0) this.#checkPublicUse(url, schemes);
    return addresses;
  }

  #checkPublicUse(url: URL, schemes: readonly Scheme[]): void {
    if (!schemes.includes(url.protocol as Scheme))
      throw new OutgoingRefused(`URLs begin with ${schemes.join('// or ')}//`);
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    if (!publicPorts.has(port)) throw new OutgoingRefused(`The port must be one of ${[...publicPorts].join(', ')}`);
  }
}

/** Lower case, without the brackets of IPv6 and the dot at the end; the URL parser has turned every spelling of IPv4 into one. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}

const notPublic = () =>
  new OutgoingRefused('The host has an address that is not public; TWOLANE_OUTGOING_ALLOW can allow a network or host');
