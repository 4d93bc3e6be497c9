/** Reads a PNG chunk by chunk with its checksums, to its last byte. */
import { crc32 } from 'node:zlib';
import { expectThat, type ImageFacts } from '../facts.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const pixels = new Set(['PLTE', 'IDAT', 'tRNS', 'sBIT', 'bKGD', 'gAMA', 'cHRM', 'sRGB', 'pHYs', 'fcTL', 'fdAT']);

/** @throws BrokenFile */
export function readPng(bytes: Buffer): ImageFacts {
  const facts: ImageFacts = { width: 0, height: 0, frames: 1, metadata: [], turned: false };
  expectThat(bytes.subarray(0, 8).equals(signature), 'no PNG begins here');
  for (let at = 8; ; ) {
    expectThat(at + 12 <= bytes.length, 'the PNG ends early');
    const end = at + 8 + bytes.readUInt32BE(at);
    expectThat(end + 4 <= bytes.length, 'the PNG ends early');
    const chunk = bytes.toString('latin1', at + 4, at + 8);
    expectThat(crc32(bytes.subarray(at + 4, end)) === bytes.readUInt32BE(end), `the chunk ${chunk} is damaged`);
    note(facts, chunk, bytes.subarray(at + 8, end));
    at = end + 4;
    if (chunk !== 'IEND') continue;
    expectThat(at === bytes.length, 'bytes follow the PNG');
    expectThat(facts.width > 0, 'the PNG holds no picture');
    return facts;
  }
}

function note(facts: ImageFacts, chunk: string, body: Buffer): void {
  if (chunk === 'IHDR') {
    facts.width = body.readUInt32BE(0);
    facts.height = body.readUInt32BE(4);
  } else if (chunk === 'acTL') facts.frames = body.readUInt32BE(0);
  else if (chunk === 'iCCP' || chunk === 'cICP') facts.colour = 'a colour profile';
  else if (chunk !== 'IEND' && !pixels.has(chunk)) facts.metadata.push(chunk);
}
