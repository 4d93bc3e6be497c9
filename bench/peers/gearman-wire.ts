/** One connection to a Gearman server: requests out, packets of the server in. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** By their numbers in the protocol. */
export const packets = {
  CAN_DO: 1,
  PRE_SLEEP: 4,
  NOOP: 6,
  JOB_CREATED: 8,
  GRAB_JOB: 9,
  NO_JOB: 10,
  JOB_ASSIGN: 11,
  WORK_COMPLETE: 13,
  SUBMIT_JOB_BG: 18,
  ERROR: 19,
} as const;

const headerBytes = 12;

/** @param parts of its data, with a zero byte between them */
export function request(type: keyof typeof packets, ...parts: readonly string[]): Buffer {
  const data = Buffer.from(parts.join('\0'));
  const header = Buffer.alloc(headerBytes);
  header.write('\0REQ', 'latin1');
  header.writeUInt32BE(packets[type], 4);
  header.writeUInt32BE(data.length, 8);
  return Buffer.concat([header, data]);
}

/** @param onPacket told of each packet by its number and the parts of its data */
export async function openWire(port: number, onPacket: (type: number, parts: string[]) => void): Promise<Socket> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let bytes: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    let at = 0;
    while (bytes.length - at >= headerBytes) {
      const end = at + headerBytes + bytes.readUInt32BE(at + 8);
      if (bytes.length < end) break;
      onPacket(bytes.readUInt32BE(at + 4), bytes.toString('utf8', at + headerBytes, end).split('\0'));
      at = end;
    }
    bytes = bytes.subarray(at);
  });
  await once(socket, 'connect');
  return socket;
}
