/** A server that speaks S3, in this process: s3rver, with the three calls that it lacks or gets wrong. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';

export interface S3Server {
  endpoint: string;
  bucket: string;
  /** Every file that the server holds, of objects and of unfinished uploads alike. */
  files(): Promise<string[]>;
  stop(): Promise<void>;
}

const bucket = 'bucket-of-tests';

/** Starts one with an empty bucket, and gives this process its credentials. */
export async function startS3(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), 'twolane-s3-'));
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  server.middleware.unshift(forgetUploads(directory), listUploads(directory), listAnonymously);
  const { port } = (await server.run()) as AddressInfo;
  process.env.AWS_ACCESS_KEY_ID = 'S3RVER';
  process.env.AWS_SECRET_ACCESS_KEY = 'S3RVER';
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    async files() {
      const found = await readdir(join(directory, bucket), { recursive: true, withFileTypes: true });
      return found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    },
    async stop() {
      server.httpServer.closeAllConnections();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** AbortMultipartUpload, which it does not have. */
function forgetUploads(directory: string): S3rver.Middleware {
  return async (context, next) => {
    const { uploadId } = context.query;
    if (context.method !== 'DELETE' || typeof uploadId !== 'string') return next();
    await rm(join(directory, bucket, '._S3rver_uploads', uploadId), { recursive: true, force: true });
    context.status = 204;
  };
}

/** ListMultipartUploads, which it does not have either. All on one page. */
function listUploads(directory: string): S3rver.Middleware {
  return async (context, next) => {
    if (context.method !== 'GET' || context.query.uploads === undefined) return next();
    const folder = join(directory, bucket, '._S3rver_uploads');
    const found = await Promise.all(
      (await readdir(folder).catch(() => [])).map(async (id) => {
        const path = join(folder, id, 'key');
        return { id, key: await readFile(path, 'utf8'), since: (await stat(path)).mtime.toISOString() };
      }),
    );
    const uploads = found
      .filter(({ key }) => key.startsWith(String(context.query.prefix ?? '')))
      .map(
        ({ id, key, since }) =>
          `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${since}</Initiated></Upload>`,
      );
    context.type = 'application/xml';
    context.body = `<?xml version="1.0"?><ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${uploads.join('')}</ListMultipartUploadsResult>`;
  };
}

/** It computes another signature than the SDK when the path is the bucket's alone; without one it lets the call pass. */
const listAnonymously: S3rver.Middleware = (context, next) => {
  if (context.path === `/${bucket}/` || context.path === `/${bucket}`) delete context.headers.authorization;
  return next();
};
