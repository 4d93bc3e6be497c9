/** A TCP proxy between a process and a server that loses bytes, delays them, cuts connections: what a broken network does. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

/** One connection through the proxy. */
interface Pair {
  /** It has asked PostgreSQL for notifications. */
  listens: boolean;
  /** All that it sends and is sent vanishes, whatever becomes of others. */
  dead: boolean;
}

export class FaultProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  readonly #pairs = new Set<Pair>();
  #swallowed: readonly Direction[] = [];
  #lost = 0;
  #delayMs = 0;
  #halving = false;
  #halved = 0;
  #port = 0;

  private constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#target = { host: hostname, port: Number(port) };
    this.#server = createServer((client) => this.#join(client));
  }

  static async before(url: string): Promise<FaultProxy> {
    const proxy = new FaultProxy(url);
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve));
    proxy.#port = (proxy.#server.address() as { port: number }).port;
    return proxy;
  }

  /** Bytes that were swallowed since the start: proof that something was lost. */
  get lost(): number {
    return this.#lost;
  }

  /** Connections that were cut in the middle of something since the start. */
  get halved(): number {
    return this.#halved;
  }

  /** The server's URL through this proxy. */
  through(url: string): string {
    const proxied = new URL(url);
    proxied.hostname = '127.0.0.1';
    proxied.port = String(this.#port);
    return proxied.href;
  }

  /** Bytes in these directions vanish from now on, on old and new connections; nobody is told. Without any: all pass again. */
  swallow(...directions: Direction[]): void {
    this.#swallowed = directions;
  }

  /** From now on nothing passes on those connections that listen to PostgreSQL; new ones are well. Answers how many they are. */
  deafen(): number {
    const listening = [...this.#pairs].filter(({ listens, dead }) => listens && !dead);
    for (const pair of listening) pair.dead = true;
    return listening.length;
  }

  /** Everything arrives so much later from now on, in its order. 0: at once again. */
  delay(ms: number): void {
    this.#delayMs = ms;
  }

  /** While it is on, the next bytes of each connection are passed on by half, and it is reset: a frame that never ends. */
  halve(on: boolean): void {
    this.#halving = on;
  }

  /** Resets every connection. Answers how many sockets that were. */
  reset(): number {
    const open = [...this.#sockets].filter((socket) => !socket.destroyed);
    for (const socket of open) socket.resetAndDestroy();
    return open.length;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    const pair: Pair = { listens: false, dead: false };
    this.#pairs.add(pair);
    client.on('close', () => this.#pairs.delete(pair));
    client.on('data', (bytes) => {
      pair.listens ||= bytes.includes('listen "');
    });
    this.#pass(client, server, 'toServer', pair);
    this.#pass(server, client, 'toClient', pair);
  }

  #pass(from: Socket, to: Socket, direction: Direction, pair: Pair): void {
    const vanishes = () => pair.dead || this.#swallowed.includes(direction);
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (vanishes()) this.#lost += bytes.length;
      else if (this.#halving && bytes.length > 1) this.#cutInHalf(bytes, from, to);
      else if (this.#delayMs > 0) setTimeout(() => this.#write(bytes, from, to), this.#delayMs);
      else this.#write(bytes, from, to);
    });
    // The end of a connection can't be seen through a network that is down, either.
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!vanishes()) to.destroy();
    });
    from.on('error', () => from.destroy());
  }

  #write(bytes: Buffer, from: Socket, to: Socket): void {
    // The other side is gone; its reset arrives with the first bytes that get through.
    if (to.destroyed) from.destroy();
    else to.write(bytes);
  }

  #cutInHalf(bytes: Buffer, from: Socket, to: Socket): void {
    if (from.destroyed) return;
    this.#halved += 1;
    to.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => to.resetAndDestroy());
    from.resetAndDestroy();
  }
}
