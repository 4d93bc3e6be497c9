/** The pace of uploads: a client that only holds the connection is let go. */
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { readUpload } from '../../../src/api/upload-body.ts';

it('An upload that drips is given up, and its file fails with it', async () => {
  const outcome = new Promise((resolve) => {
    const server = createServer(async (req, res) => {
      const { file } = await readUpload(req, { bytes: 1_000, everyMs: 60 });
      file.on('error', (error) => {
        resolve(error);
        res.destroy();
        server.close();
      });
      file.resume();
    });
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const headers = { 'content-type': 'multipart/form-data; boundary=edge' };
      const slow = request({ port, host: '127.0.0.1', method: 'POST', headers });
      slow.on('error', () => clearInterval(drip));
      slow.write('--edge\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n');
      const drip = setInterval(() => slow.write('x'), 10);
    });
  });
  expect(await outcome).toMatchObject({ status: 408, code: 'too_slow' });
});
