/** A Gearman client made of raw packets, for what the tools of Gearman can't be made to send. */
import { connect, type Socket } from 'node:net';
import { until } from './stack.ts';

export interface Packet {
  type: number;
  /** The data, split at zero bytes. */
  parts: string[];
}

export class Wire {
  readonly socket: Socket;
  readonly packets: Packet[] = [];
  /** What came and is not a packet: answers of the text protocol. */
  text = '';
  closed = false;
  #bytes = Buffer.alloc(0);

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => {
      this.closed = true;
    });
    this.socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  send(type: number, ...parts: (string | Buffer)[]): void {
    this.socket.write(frame(type, ...parts));
  }

  /** The `n`th packet of the type, waited for. */
  next(type: number, n = 1): Promise<Packet> {
    return until(`packet ${n} of type ${type} comes`, () => this.packets.filter((one) => one.type === type)[n - 1]);
  }

  #onData(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    while (this.#takeText() || this.#takePacket());
  }

  #takeText(): boolean {
    if (this.#bytes.length === 0 || this.#bytes[0] === 0) return false;
    const zero = this.#bytes.indexOf(0);
    const end = zero < 0 ? this.#bytes.length : zero;
    this.text += this.#bytes.toString('utf8', 0, end);
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }

  #takePacket(): boolean {
    const end = this.#bytes.length < 12 ? Number.POSITIVE_INFINITY : 12 + this.#bytes.readUInt32BE(8);
    if (this.#bytes.length < end) return false;
    const parts = this.#bytes.toString('utf8', 12, end).split('\0');
    this.packets.push({ type: this.#bytes.readUInt32BE(4), parts });
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }
}

export function frame(type: number, ...parts: (string | Buffer)[]): Buffer {
  const data = Buffer.concat(
    parts.flatMap((part, n) => [...(n > 0 ? [Buffer.of(0)] : []), Buffer.from(part as string)]),
  );
  const header = Buffer.from('\0REQ\0\0\0\0\0\0\0\0', 'latin1');
  header.writeUInt32BE(type, 4);
  header.writeUInt32BE(data.length, 8);
  return Buffer.concat([header, data]);
}
