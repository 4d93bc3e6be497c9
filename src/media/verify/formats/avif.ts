/** Reads an AVIF box by box: the outermost ones to the last byte of the file, then what they say of the picture. */
import { expectThat, type ImageFacts } from '../facts.ts';

interface Box {
  type: string;
  body: Buffer;
}

/** Boxes that hold others, and how many bytes come before those. */
const containers: Readonly<Record<string, number>> = { meta: 4, iprp: 0, ipco: 0, moov: 0, trak: 0 };

/** @throws BrokenFile */
export function readAvif(bytes: Buffer): ImageFacts {
  const facts: ImageFacts = { width: 0, height: 0, frames: 1, metadata: [], turned: false };
  const head = bytes.toString('latin1', 4, 32);
  expectThat(head.startsWith('ftyp') && /avi[fs]/.test(head), 'no AVIF begins here');
  const boxes = [...boxesOf(bytes)];
  expectThat(
    boxes.some(({ type, body }) => type === 'mdat' && body.length > 0),
    'the AVIF holds no picture',
  );
  for (const box of boxes) visit(facts, box);
  expectThat(facts.width > 0, 'the AVIF has no size');
  return facts;
}

function* boxesOf(bytes: Buffer): Generator<Box> {
  for (let at = 0; at < bytes.length; ) {
    expectThat(at + 8 <= bytes.length, 'the AVIF ends early');
    const length = bytes.readUInt32BE(at);
    expectThat(length >= 8 && at + length <= bytes.length, 'the AVIF ends early');
    yield { type: bytes.toString('latin1', at + 4, at + 8), body: bytes.subarray(at + 8, at + length) };
    at += length;
  }
}

function visit(facts: ImageFacts, { type, body }: Box): void {
  const before = containers[type];
  if (before !== undefined) for (const box of boxesOf(body.subarray(before))) visit(facts, box);
  // The picture is the largest item: its alpha has the same size, tiles and thumbnails have less.
  else if (type === 'ispe') {
    facts.width = Math.max(facts.width, body.readUInt32BE(4));
    facts.height = Math.max(facts.height, body.readUInt32BE(8));
  } else if (type === 'irot' || type === 'imir') facts.turned ||= type === 'imir' || body[0] !== 0;
  else if (type === 'colr') noteColour(facts, body);
  else if (type === 'iinf') facts.metadata.push(...foreignItems(body));
}

/** nclx: primaries 1 are those of BT.709, which sRGB shares; 2 is unsaid. */
function noteColour(facts: ImageFacts, body: Buffer): void {
  const kind = body.toString('latin1', 0, 4);
  if (kind !== 'nclx') facts.colour = 'an ICC profile';
  else if (body.readUInt16BE(4) > 2) facts.colour = `primaries ${body.readUInt16BE(4)}`;
}

/** Items that are neither pictures nor what pictures are made of. */
function foreignItems(body: Buffer): string[] {
  const entries = [...boxesOf(body.subarray(body[0] === 0 ? 6 : 8))];
  // Version 2 of an entry: version and flags, id, protection, then the type.
  const types = entries.map((entry) => entry.body.toString('latin1', 8, 12));
  return types.filter((type) => !['av01', 'grid', 'iovl'].includes(type));
}
