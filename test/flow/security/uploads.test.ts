/** Uploads that attack: bodies that are broken in every way, names that are paths, and files that say to be something else. */
import { readdir } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { bodyOf, mediaClient } from '../../support/media-client.ts';
import { quarters } from '../../support/pictures.ts';

let app: TestApp;
let ada: ReturnType<typeof mediaClient>;
beforeAll(async () => {
  app = await startTestApp({ worker: false, scheduler: false });
  ada = mediaClient(app, 'ada');
});
afterAll(() => app?.stop());

const stored = async () =>
  (await readdir(app.config.TWOLANE_FILES_DIR, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => `${parentPath}/${name}`);

const send = (body: string | FormData, type?: string) =>
  ada.request('/v1/uploads', { method: 'POST', body, ...(type && { headers: { 'content-type': type } }) });

const part = (headers: string, content = 'x') => `--edge\r\n${headers}\r\n\r\n${content}\r\n`;
const file = 'content-disposition: form-data; name="file"; filename="a.jpg"';
const end = '--edge--\r\n';
/** Bodies that have stopped or misled parsers of multipart. */
const brokenBodies: Record<string, string> = {
  'nothing at all': '',
  'only the end': end,
  'no end': part(file),
  'no empty line after the head of a part': `--edge\r\n${file}\r\n${end}`,
  'a part without a head': `--edge\r\n\r\nx\r\n${end}`,
  'a part without a name': part('content-disposition: form-data; filename="a.jpg"') + end,
  'an empty name': part('content-disposition: form-data; name=""; filename="a.jpg"') + end,
  'an empty file name': part('content-disposition: form-data; name="file"; filename=""', '') + end,
  'a name without its end': part('content-disposition: form-data; name="file') + end,
  'brackets nested a thousand times': part(`content-disposition: form-data; name="a${'[b]'.repeat(1_000)}"`) + end,
  'a name that is a number': part('content-disposition: form-data; name="0"') + end,
  'the name of a prototype': part('content-disposition: form-data; name="__proto__"') + end,
  'five thousand parts': part('content-disposition: form-data; name="metadata"', '{}').repeat(5_000) + end,
  'five thousand heads': part(`${'x-a: b\r\n'.repeat(5_000)}${file}`) + end,
  'a head of a megabyte': part(`${file}; x="${'x'.repeat(1_000_000)}"`) + end,
  'a field of a megabyte': part('content-disposition: form-data; name="metadata"', 'x'.repeat(1_000_000)) + end,
  'metadata that changes a prototype':
    part('content-disposition: form-data; name="metadata"', '{"__proto__":{"polluted":1}}') + part(file) + end,
  'another boundary within':
    part('content-type: multipart/mixed; boundary=edge2\r\ncontent-disposition: form-data; name="file"') + end,
  'an encoding that nobody knows': part(`${file}\r\ncontent-transfer-encoding: rot13`) + end,
  'line feeds alone': part(file).replaceAll('\r\n', '\n') + end,
  'NUL in the name': part('content-disposition: form-data; name="fi\0le"; filename="a.jpg"') + end,
};
const hostileNames = [
  ...[
    '../../../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '/etc/passwd',
    'C:\\windows\\win.ini',
    'a\0b.jpg',
    '-rf',
    'CON',
    '.',
  ],
  ...[
    '..',
    `${'x'.repeat(300)}.jpg`,
    '\u202egpj.exe',
    'a\nb',
    'a;b',
    '$(id).jpg',
    '`id`.jpg',
    '.htaccess',
    'a.jpg.php',
    ' ',
  ],
];

describe('An upload', { tags: ['security'], timeout: 60_000 }, () => {
  it('whose body is broken is refused with a problem, and leaves nothing behind', async () => {
    const before = await stored();
    const odd: string[] = [];
    for (const [what, body] of Object.entries(brokenBodies)) {
      const answer = await send(body, 'multipart/form-data; boundary=edge');
      const { code, title } = await bodyOf(answer);
      if (answer.status < 400 || answer.status >= 500 || !code || !title) odd.push(`${what}: ${answer.status} ${code}`);
    }
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=',
      `multipart/form-data; boundary=${'x'.repeat(5_000)}`,
    ])
      expect([type, (await send(part(file) + end, type)).status]).toEqual([type, expect.toBeOneOf([400, 415])]);
    expect(odd).toEqual([]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(await stored()).toEqual(before);
  });

  it('may have any name: it is kept under one of ours', async () => {
    const bytes = new Uint8Array(await quarters(16, 16));
    for (const name of hostileNames) {
      const body = new FormData();
      body.append('file', new Blob([bytes]), name);
      const answer = await send(body);
      expect([name, answer.status]).toEqual([name, 202]);
      expect(JSON.stringify(await bodyOf(answer))).not.toContain(name.length > 2 ? name : 'no name is that short');
    }
    const files = await stored();
    expect(files.length).toBeGreaterThan(0);
    const root = app.config.TWOLANE_FILES_DIR;
    for (const path of files) expect(path.slice(root.length)).toMatch(/^\/[a-z0-9/_.-]+$/i);
    for (const path of files) expect(path).not.toMatch(/passwd|win\.ini|htaccess|php|exe|\.\./);
  });

  it('is what its first bytes are, whatever its name and its type say', async () => {
    const picture = sharp(await quarters(16, 16));
    const real = {
      jpeg: await picture.clone().jpeg().toBuffer(),
      png: await picture.clone().png().toBuffer(),
      webp: await picture.clone().webp().toBuffer(),
      gif: await picture.clone().gif().toBuffer(),
    };
    const others = {
      svg: '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
      html: '<!doctype html><script>1</script>',
      pdf: '%PDF-1.7\n%âãÏÓ\n1 0 obj',
      postscript: '%!PS-Adobe-3.0\n(%pipe%id) (w) file',
      zip: 'PK\x03\x04\x14\0\0\0\0\0',
      elf: '\x7fELF\x02\x01\x01',
      playlist: '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n',
      concat: 'ffconcat version 1.0\nfile /etc/passwd\n',
      script: '#!/bin/sh\nid\n',
    };
    const disguises = [
      ['a.jpg', 'image/jpeg'],
      ['a.svg', 'image/svg+xml'],
      ['a.mp4', 'video/mp4'],
      ['a.html', 'text/html'],
      ['a', ''],
    ] as const;
    for (const [name, type] of disguises) {
      const upload = async (bytes: Buffer | string) => {
        const body = new FormData();
        body.append(
          'file',
          new Blob([typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : new Uint8Array(bytes)], { type }),
          name,
        );
        return send(body);
      };
      for (const [format, bytes] of Object.entries(real)) {
        const { id } = await bodyOf(await upload(bytes));
        expect([name, (await ada.view(id)).original.contentType]).toEqual([name, `image/${format}`]);
      }
      for (const [what, bytes] of Object.entries(others)) {
        const answer = await upload(bytes);
        expect([name, what, answer.status, (await bodyOf(answer)).code]).toEqual([
          name,
          what,
          415,
          'unsupported_media',
        ]);
      }
    }
  });
});
