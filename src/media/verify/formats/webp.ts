/** Reads a WebP chunk by chunk, to its last byte. */
import { expectThat, type ImageFacts } from '../facts.ts';

/** @throws BrokenFile */
export function readWebp(bytes: Buffer): ImageFacts {
  const facts: ImageFacts = { width: 0, height: 0, frames: 0, metadata: [], turned: false };
  expectThat(bytes.length >= 20 && name(bytes, 0) === 'RIFF' && name(bytes, 8) === 'WEBP', 'no WebP begins here');
  expectThat(bytes.readUInt32LE(4) + 8 === bytes.length, 'the WebP is not as long as it says');
  for (let at = 12; at < bytes.length; ) {
    expectThat(at + 8 <= bytes.length, 'the WebP ends early');
    const length = bytes.readUInt32LE(at + 4);
    expectThat(at + 8 + length <= bytes.length, 'the WebP ends early');
    note(facts, name(bytes, at), bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length + (length % 2);
  }
  expectThat(facts.frames > 0 && facts.width > 0, 'the WebP holds no picture');
  return facts;
}

function note(facts: ImageFacts, chunk: string, body: Buffer): void {
  if (chunk === 'VP8X') setSize(facts, body.readUIntLE(4, 3) + 1, body.readUIntLE(7, 3) + 1);
  else if (chunk === 'VP8 ') {
    expectThat(body.length > 10 && body.readUIntBE(3, 3) === 0x9d012a, 'the picture of the WebP is broken');
    facts.frames += 1;
    setSize(facts, body.readUInt16LE(6) & 0x3fff, body.readUInt16LE(8) & 0x3fff);
  } else if (chunk === 'VP8L') {
    expectThat(body.length > 5 && body[0] === 0x2f, 'the picture of the WebP is broken');
    facts.frames += 1;
    const packed = body.readUInt32LE(1);
    setSize(facts, (packed & 0x3fff) + 1, ((packed >>> 14) & 0x3fff) + 1);
  } else if (chunk === 'ANMF') facts.frames += 1;
  else if (chunk === 'ICCP') facts.colour = 'an ICC profile';
  else if (chunk !== 'ANIM' && chunk !== 'ALPH') facts.metadata.push(chunk.trim());
}

/** The first size counts: that of the canvas where there is one. */
function setSize(facts: ImageFacts, width: number, height: number): void {
  if (facts.width > 0) return;
  facts.width = width;
  facts.height = height;
}

function name(bytes: Buffer, at: number): string {
  return bytes.toString('latin1', at, at + 4);
}
