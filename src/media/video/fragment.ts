/** Reads when a segment of CMAF begins and when its last frame is shown, from the table of its samples. */
import { type FileHandle, open } from 'node:fs/promises';

/** In units of the track's clock. */
export interface Span {
  first: number;
  last: number;
}

/** @throws RangeError for a file that is no segment */
export async function spanOf(path: string): Promise<Span> {
  const file = await open(path);
  try {
    const moof = await readMoof(file);
    const traf = boxIn(moof, 'traf');
    return shownBetween(boxIn(traf, 'tfhd'), boxIn(traf, 'tfdt'), boxIn(traf, 'trun'));
  } finally {
    await file.close();
  }
}

/** What the samples need stands before the samples: the rest of the file is not read. */
async function readMoof(file: FileHandle): Promise<Buffer> {
  const header = Buffer.alloc(8);
  for (let at = 0; ; ) {
    const { bytesRead } = await file.read(header, 0, 8, at);
    const bytes = header.readUInt32BE();
    if (bytesRead < 8 || bytes < 8) throw new RangeError('A segment without a moof');
    if (header.toString('latin1', 4) === 'moof') {
      const moof = Buffer.alloc(bytes - 8);
      await file.read(moof, 0, moof.length, at + 8);
      return moof;
    }
    at += bytes;
  }
}

/** The content of the first such box. */
function boxIn(content: Buffer, name: string): Buffer {
  for (let at = 0; at < content.length; ) {
    const bytes = content.readUInt32BE(at);
    if (content.toString('latin1', at + 4, at + 8) === name) return content.subarray(at + 8, at + bytes);
    at += Math.max(8, bytes);
  }
  throw new RangeError(`A segment without ${name}`);
}

const flagsOf = (box: Buffer) => box.readUIntBE(1, 3);
/** How many optional words of 32 bits stand there. */
const words = (flags: number, ...bits: number[]) => bits.filter((bit) => flags & bit).length * 4;

function shownBetween(tfhd: Buffer, tfdt: Buffer, trun: Buffer): Span {
  const usual = flagsOf(tfhd) & 0x08 ? tfhd.readUInt32BE(8 + words(flagsOf(tfhd), 0x01, 0x01, 0x02)) : 0;
  const flags = flagsOf(trun);
  const bytes = words(flags, 0x100, 0x200, 0x400, 0x800);
  let time = tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4);
  let at = 8 + words(flags, 0x01, 0x04);
  const shown: Span = { first: Number.POSITIVE_INFINITY, last: Number.NEGATIVE_INFINITY };
  for (let sample = trun.readUInt32BE(4); sample > 0; sample -= 1) {
    const offset = flags & 0x800 ? trun.readInt32BE(at + bytes - 4) : 0;
    shown.first = Math.min(shown.first, time + offset);
    shown.last = Math.max(shown.last, time + offset);
    time += flags & 0x100 ? trun.readUInt32BE(at) : usual;
    at += bytes;
  }
  return shown;
}
