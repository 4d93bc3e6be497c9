/** Pictures as phones write them, made on the spot: HEIC, motion photos, Ultra HDR. */
import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import sharp from 'sharp';

const run = promisify(execFile);

/**
 * Encodes PNG or JPEG bytes as HEIC with libheif's own tool.
 * @param quarterTurns against the clock, which the reader has to make (an `irot` box, in place of the one that no reader needs)
 */
export async function heic(path: string, picture: Buffer, options: { quarterTurns?: number; bits?: 8 | 10 } = {}) {
  const source = `${path}.png`;
  const { quarterTurns = 0, bits = 8 } = options;
  const pixels = sharp(picture).keepIccProfile();
  await (bits === 8 ? pixels : pixels.toColourspace('rgb16')).png().toFile(source);
  const quality = ['-q', '90', '-b', String(bits), '-p', 'preset=ultrafast', '-p', 'chroma=444'];
  await run('heif-enc', [...quality, source, '-o', path]);
  await rm(source);
  if (quarterTurns > 0) await turn(path, quarterTurns);
}

async function turn(path: string, quarterTurns: number): Promise<void> {
  const bytes = await readFile(path);
  const box = bytes.indexOf('pixi');
  if (box < 0) throw new Error('libheif wrote no pixi box to turn into irot');
  bytes.write('irot', box);
  bytes[box + 4] = quarterTurns;
  await writeFile(path, bytes);
}

/** A JPEG that is followed by a film, as Android writes motion photos. */
export async function motionPhoto(path: string, picture: Buffer, film: Buffer): Promise<void> {
  const still = await sharp(picture).jpeg({ quality: 95 }).toBuffer();
  const about = `xmlns:GCamera="http://ns.google.com/photos/1.0/camera/" GCamera:MotionPhoto="1" GCamera:MicroVideoOffset="${film.length}"`;
  await writeFile(path, Buffer.concat([withXmp(still, about), film]));
}

/** A JPEG with a gain map behind it that brightens everything: a reader of the base image must not see it. */
export async function ultraHdr(path: string, picture: Buffer): Promise<void> {
  const gain = { min: 0, max: 2, capacityMin: 0, capacityMax: 2 };
  const white = sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } }).toColourspace('b-w');
  const map = withXmp(
    await white.jpeg().toBuffer(),
    `${hdrgm} hdrgm:GainMapMin="${gain.min}" hdrgm:GainMapMax="${gain.max}" hdrgm:Gamma="1" hdrgm:OffsetSDR="0.015625"
     hdrgm:OffsetHDR="0.015625" hdrgm:HDRCapacityMin="${gain.capacityMin}" hdrgm:HDRCapacityMax="${gain.capacityMax}"
     hdrgm:BaseRenditionIsHDR="False"`,
  );
  const base = withXmp(await sharp(picture).jpeg({ quality: 95 }).toBuffer(), hdrgm, directory(map.length));
  await writeFile(path, Buffer.concat([base, map]));
}

const hdrgm = 'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"';

function directory(mapBytes: number): string {
  const names =
    'xmlns:Container="http://ns.google.com/photos/1.0/container/" xmlns:Item="http://ns.google.com/photos/1.0/container/item/"';
  const item = (semantic: string, length: string) =>
    `<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="${semantic}" Item:Mime="image/jpeg"${length}/></rdf:li>`;
  const items = item('Primary', '') + item('GainMap', ` Item:Length="${mapBytes}"`);
  return `<Container:Directory ${names}><rdf:Seq>${items}</rdf:Seq></Container:Directory>`;
}

/** Puts an XMP block behind the first marker of a JPEG. */
function withXmp(jpeg: Buffer, attributes: string, children = ''): Buffer {
  const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
  const packet = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdf}"><rdf:Description ${attributes}>${children}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const body = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${packet}`);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}
