/** Files that want their reader to open another file or an address, and things by which one notices that it did. */
import { readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { clip, ffmpeg } from './videos.ts';

export interface Bait {
  /** A video that belongs to somebody else. */
  path: string;
  /** A picture beside it, the first of a sequence. */
  picture: string;
  /** Where a request would be noticed. */
  url: string;
}

export interface Canary extends Bait {
  /** True after anybody has read either file since `arm`. */
  wasRead(): Promise<boolean>;
  arm(): Promise<void>;
  requests(): number;
  close(): void;
}

/** Files whose reading shows in their time of access, and a listener that counts. */
export async function canary(path: string): Promise<Canary> {
  const picture = join(dirname(path), `${basename(path)}-001.png`);
  await clip(path, { width: 64, height: 64, seconds: 1 });
  await ffmpeg('-i', path, '-frames:v', '1', picture);
  let requests = 0;
  const server = createServer((_, answer) => {
    requests += 1;
    answer.end();
  });
  server.on('connection', () => {
    requests += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const longAgo = new Date('2001-01-01');
  return {
    path,
    picture,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/canary.ts`,
    // A time of access before that of the last change is renewed by the next read, also with `relatime`.
    arm: async () => void (await Promise.all([path, picture].map((each) => utimes(each, longAgo, new Date())))),
    async wasRead() {
      const found = await Promise.all([path, picture].map((each) => stat(each)));
      return found.some(({ atimeMs }) => atimeMs !== longAgo.getTime());
    },
    requests: () => requests,
    close: () => void server.close(),
  };
}

const playlist = (...segments: string[]) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:9\n${segments.map((each) => `#EXTINF:1,\n${each}\n`).join('')}#EXT-X-ENDLIST\n`;

const manifest = (base: string) => `<?xml version="1.0"?>
<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011">
<Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1" codecs="avc1.64001f"><BaseURL>${base}</BaseURL>
<SegmentBase indexRange="0-1"/></Representation></AdaptationSet></Period></MPD>`;

/** What a reader of videos may be lured with, by name. */
export function videoTraps({ path, picture, url }: Bait): Record<string, string | Buffer> {
  const sibling = path.split('/').at(-1) ?? '';
  // The beginning of a real MP4, so that it passes as one at first sight.
  const ftyp = Buffer.concat([Buffer.from([0, 0, 0, 16]), Buffer.from('ftypisom\0\0\x02\0', 'latin1')]);
  const texts: Record<string, string> = {
    'hls, a file': playlist(`file://${path}`),
    'hls, a neighbour': playlist(sibling),
    'hls, an address': playlist(url),
    'hls, a part of a file': playlist(`subfile,,start,0,end,0,,:${path}`),
    'hls, joined': playlist(`concat:${path}|${path}`),
    'hls, a key': `#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="file://${path}"\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`,
    'hls, a master': `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nfile://${path}\n`,
    'concat, a neighbour': `ffconcat version 1.0\nfile ${sibling}\n`,
    'concat, a path': `ffconcat version 1.0\nfile '${path}'\n`,
    'concat, a part of a file': `ffconcat version 1.0\nfile 'subfile,,start,0,end,1000000,,:${path}'\n`,
    'concat, a picture sequence': `ffconcat version 1.0\nfile '${picture.replace('001', '%03d')}'\n`,
    'concat, an address': `ffconcat version 1.0\nfile '${url}'\n`,
    'dash, a file': manifest(`file://${path}`),
    'dash, an address': manifest(url),
    'session description': `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
    'a picture sequence': picture.replace('001', '%03d'),
    'subtitles with a path': `1\n00:00:00,000 --> 00:00:01,000\n{\\an8}file://${path}\n`,
  };
  const disguised = ['hls, a file', 'concat, a neighbour', 'dash, an address'].map((name) => [
    `${name}, behind the head of an MP4`,
    Buffer.concat([ftyp, Buffer.from(texts[name] ?? '')]),
  ]);
  return { ...texts, ...Object.fromEntries(disguised) };
}

const anyProtocol = ['-protocol_whitelist', 'file,http,tcp,subfile'];

/** With these options ffprobe, told nothing else, is lured by such a trap: what keeps it from that are our guards. */
export const lures: Record<string, string[]> = {
  'hls, a neighbour': [],
  'hls, an address': anyProtocol,
  'dash, a file': [],
  'dash, an address': anyProtocol,
  'concat, a neighbour': ['-f', 'concat'],
  'concat, a part of a file': ['-f', 'concat', '-safe', '0', ...anyProtocol],
  'concat, a picture sequence': ['-f', 'concat', '-safe', '0'],
};

/** A playlist that holds its segment itself. */
export async function dataTrap(folder: string): Promise<string> {
  const segment = join(folder, 'segment.ts');
  await clip(segment, { width: 64, height: 64, seconds: 1, sound: false });
  return playlist(`data:video/mp2t;base64,${(await readFile(segment)).toString('base64')}`);
}

/** A real MOV whose media data are said to be in another file: a data reference by URL. */
export async function referringMov(from: string, to: string, target: string): Promise<void> {
  const whole = await readFile(from);
  const at = whole.indexOf('dref', 0, 'latin1');
  const entry = whole.indexOf('url ', at, 'latin1');
  if (at === -1 || entry === -1) throw new Error('There is no data reference to change');
  // Flags 0: not in this file. The location itself follows behind the entry where there is room: over the sample tables.
  whole.writeUInt32BE(0, entry + 4);
  const url = Buffer.from(`${target}\0`);
  whole.writeUInt32BE(12 + url.length, entry - 4);
  await writeFile(to, Buffer.concat([whole.subarray(0, entry + 8), url, whole.subarray(entry + 8)]));
}

/** What a reader of images may be lured with, by name. */
export function imageTraps({ path, url }: Bait): Record<string, string> {
  const svg = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">${inside}</svg>`;
  return {
    'svg, an image': svg(`<image width="9" height="9" xlink:href="file://${path}"/>`),
    'svg, an address': svg(`<image width="9" height="9" xlink:href="${url}"/>`),
    'svg, a style': `<?xml-stylesheet href="${url}"?>${svg('')}`,
    'svg, an entity': `<!DOCTYPE svg [<!ENTITY x SYSTEM "file://${path}">]>${svg('<text>&x;</text>')}`,
    postscript: `%!PS-Adobe-3.0 EPSF-3.0\n(${path}) (r) file 9 string readstring pop =\nshowpage\n`,
    pdf: `%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/URI/URI(${url})>>>>endobj\ntrailer<</Root 1 0 R>>\n`,
    'magick vector graphics': `push graphic-context\nviewbox 0 0 9 9\nfill 'url(${url})'\npop graphic-context\n`,
    'magick script': `<image><read filename="${path}"/><write filename="/tmp/x.png"/></image>`,
    'a list of files': `@${path}\n`,
    matlab: `MATLAB 5.0 MAT-file, ${path}`,
    fits: `SIMPLE  =                    T / ${path}`.padEnd(2880),
    'a virtual image': `<OpenSlide><file>${path}</file></OpenSlide>`,
  };
}
