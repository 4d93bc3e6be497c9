/** A TCP proxy between a process and a server that can stop passing bytes on, in one direction or both, as a broken network does. */
import { connect, createServer, type Server, type Socket } from 'node:net';

export type Direction = 'toServer' | 'toClient';

export class FaultProxy {
  readonly #server: Server;
  readonly #target: { host: string; port: number };
  readonly #sockets = new Set<Socket>();
  #swallowed: readonly Direction[] = [];
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

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const server = connect(this.#target);
    this.#pass(client, server, 'toServer');
    this.#pass(server, client, 'toClient');
  }

  #pass(from: Socket, to: Socket, direction: Direction): void {
    this.#sockets.add(from);
    from.on('data', (bytes) => {
      if (this.#swallowed.includes(direction)) return;
      // The other side is gone; its reset arrives with the first bytes that get through.
      if (to.destroyed) from.destroy();
      else to.write(bytes);
    });
    // The end of a connection can't be seen through a network that is down, either.
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#swallowed.includes(direction)) to.destroy();
    });
    from.on('error', () => from.destroy());
  }
}
