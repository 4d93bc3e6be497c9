/** Gearman's wire format: packets with a header of twelve bytes, and lines of text for administrators on the same connection. */

/** Packet types by number, as the protocol names them; those that only workers send are in `workerPackets`. */
export const packetTypes = {
  SUBMIT_JOB: 7,
  JOB_CREATED: 8,
  WORK_STATUS: 12,
  WORK_COMPLETE: 13,
  WORK_FAIL: 14,
  GET_STATUS: 15,
  ECHO_REQ: 16,
  ECHO_RES: 17,
  SUBMIT_JOB_BG: 18,
  ERROR: 19,
  STATUS_RES: 20,
  SUBMIT_JOB_HIGH: 21,
  WORK_EXCEPTION: 25,
  OPTION_REQ: 26,
  OPTION_RES: 27,
  WORK_DATA: 28,
  SUBMIT_JOB_HIGH_BG: 32,
  SUBMIT_JOB_LOW: 33,
  SUBMIT_JOB_LOW_BG: 34,
  SUBMIT_JOB_SCHED: 35,
  SUBMIT_JOB_EPOCH: 36,
  SUBMIT_REDUCE_JOB: 37,
  SUBMIT_REDUCE_JOB_BACKGROUND: 38,
  GET_STATUS_UNIQUE: 41,
  STATUS_RES_UNIQUE: 42,
} as const;
export type PacketName = keyof typeof packetTypes;

/** CAN_DO, CANT_DO, RESET_ABILITIES, PRE_SLEEP, GRAB_JOB, SET_CLIENT_ID, CAN_DO_TIMEOUT, ALL_YOURS, WORK_WARNING, GRAB_JOB_UNIQ, GRAB_JOB_ALL. */
export const workerPackets: ReadonlySet<number> = new Set([1, 2, 3, 4, 9, 22, 23, 24, 29, 30, 39]);

const names = new Map<number, PacketName>(
  Object.entries(packetTypes).map(([name, type]) => [type, name as PacketName]),
);

export function nameOf(type: number): PacketName | undefined {
  return names.get(type);
}

/** One message of a client. */
export type Message = { kind: 'packet'; type: number; data: Buffer } | { kind: 'line'; text: string };

/** What no further byte can mend: the connection ends with an ERROR packet. */
export class ProtocolError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const headerBytes = 12;
const longestLine = 1_024;
const request = Buffer.from('\0REQ');
const response = Buffer.from('\0RES');

/** Puts messages together from the chunks of a socket. */
export class Reader {
  readonly #mostBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Bytes that the present message needs at least before it is worth looking at. */
  #needed = 1;

  /** @param mostBytes largest data of a packet */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Bytes of a message that is not whole yet. */
  get held(): number {
    return this.#length;
  }

  /** @throws ProtocolError `invalid_magic`, `packet_too_large`, `line_too_long` */
  *feed(chunk: Buffer): Generator<Message> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    while (this.#length >= this.#needed) {
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      this.#chunks = [bytes];
      const end = bytes[0] === 0 ? this.#packetEnd(bytes) : this.#lineEnd(bytes);
      if (end === undefined) return;
      const rest = bytes.subarray(end);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#length = rest.length;
      this.#needed = 1;
      yield toMessage(bytes.subarray(0, end));
    }
  }

  #packetEnd(bytes: Buffer): number | undefined {
    this.#needed = headerBytes;
    if (bytes.length < headerBytes) return undefined;
    if (!bytes.subarray(0, 4).equals(request)) throw new ProtocolError('invalid_magic', 'Requests begin with \\0REQ');
    const size = bytes.readUInt32BE(8);
    if (size > this.#mostBytes)
      throw new ProtocolError('packet_too_large', `A packet may have ${this.#mostBytes} bytes, this one has ${size}`);
    this.#needed = headerBytes + size;
    return bytes.length >= this.#needed ? this.#needed : undefined;
  }

  #lineEnd(bytes: Buffer): number | undefined {
    const newline = bytes.indexOf(10);
    if (newline >= 0 && newline < longestLine) return newline + 1;
    if (bytes.length >= longestLine) throw new ProtocolError('line_too_long', `A line may have ${longestLine} bytes`);
    this.#needed = bytes.length + 1;
    return undefined;
  }
}

function toMessage(bytes: Buffer): Message {
  if (bytes[0] !== 0) return { kind: 'line', text: bytes.toString('latin1').trim() };
  return { kind: 'packet', type: bytes.readUInt32BE(4), data: bytes.subarray(headerBytes) };
}

/** Splits the data of a packet: all but the last argument end with a zero byte. @throws ProtocolError `not_enough_arguments` */
export function argumentsOf(data: Buffer, count: number): { texts: string[]; rest: Buffer } {
  const texts: string[] = [];
  let from = 0;
  while (texts.length < count - 1) {
    const end = data.indexOf(0, from);
    if (end < 0)
      throw new ProtocolError(
        'not_enough_arguments',
        `This packet has ${count} arguments with a zero byte between them`,
      );
    texts.push(data.toString('utf8', from, end));
    from = end + 1;
  }
  return { texts, rest: data.subarray(from) };
}

/** A packet of the server. */
export function packet(name: PacketName, ...parts: (string | Uint8Array)[]): Buffer {
  const data: Uint8Array[] = [];
  parts.forEach((part, index) => {
    if (index > 0) data.push(Buffer.of(0));
    data.push(typeof part === 'string' ? Buffer.from(part) : part);
  });
  const header = Buffer.alloc(headerBytes);
  response.copy(header);
  header.writeUInt32BE(packetTypes[name], 4);
  header.writeUInt32BE(
    data.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  return Buffer.concat([header, ...data]);
}

export function errorPacket(code: string, text: string): Buffer {
  return packet('ERROR', code, text);
}
