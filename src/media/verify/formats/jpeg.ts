/** Reads a JPEG marker by marker, to its last byte. */
import { expectThat, type ImageFacts } from '../facts.ts';

const marker = { start: 0xd8, end: 0xd9, scan: 0xda, comment: 0xfe } as const;

/** @throws BrokenFile */
export function readJpeg(bytes: Buffer): ImageFacts {
  const facts: ImageFacts = { width: 0, height: 0, frames: 1, metadata: [], turned: false };
  expectThat(bytes.length > 4 && bytes.readUInt16BE(0) === 0xffd8, 'no JPEG begins here');
  for (let at = 2; ; ) {
    expectThat(at + 4 <= bytes.length || bytes[at + 1] === marker.end, 'the JPEG ends early');
    expectThat(bytes[at] === 0xff, `no marker at byte ${at}`);
    const code = bytes[at + 1] ?? 0;
    if (code === marker.end) {
      expectThat(at + 2 === bytes.length, 'bytes follow the JPEG');
      expectThat(facts.width > 0, 'the JPEG holds no picture');
      return facts;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    expectThat(end < bytes.length, 'the JPEG ends early');
    note(facts, code, bytes.subarray(at + 4, end));
    at = code === marker.scan ? endOfScan(bytes, end) : end;
  }
}

function note(facts: ImageFacts, code: number, body: Buffer): void {
  const isFrame = code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
  if (isFrame) {
    facts.height = body.readUInt16BE(1);
    facts.width = body.readUInt16BE(3);
  } else if (code === marker.comment) facts.metadata.push('comment');
  else if (code === 0xe2 && body.toString('latin1', 0, 11) === 'ICC_PROFILE') facts.colour = 'an ICC profile';
  // JFIF (0) and Adobe (14) say how to read the pixels; every other application segment is about something else.
  else if (code >= 0xe1 && code <= 0xef && code !== 0xee) facts.metadata.push(`APP${code - 0xe0}`);
}

/** The next marker that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1] ?? 0;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return bytes.length;
}
