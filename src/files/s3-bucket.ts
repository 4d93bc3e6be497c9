/** The few calls that a file store makes on one bucket of S3 or of a server that speaks its protocol. The only file that loads the SDK. */
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { PresignedWrite } from '../contract/index.ts';

export interface S3Place {
  bucket: string;
  /** Of a server other than Amazon's. */
  endpoint?: string | undefined;
  /** Default: what the SDK finds in the environment. */
  region?: string | undefined;
  /** `https://host/bucket/key` instead of `https://bucket.host/key`. */
  pathStyle?: boolean | undefined;
}

export interface S3Head {
  bytes: number;
  etag: string;
  modifiedAt: Date;
}

/** S3 takes at most 10,000 parts, none but the last below 5 MiB. */
const leastPart = 5 * 1024 * 1024;
const mostParts = 10_000;
/** Parts of one upload that are held in memory and on the way at once. */
const partsAtOnce = 2;

export type S3Bucket = ReturnType<typeof s3Bucket>;

/** Credentials come from the SDK's own chain: environment, profile, container or machine. */
export function s3Bucket({ bucket: Bucket, endpoint, region, pathStyle }: S3Place) {
  const client = new S3Client({
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    forcePathStyle: pathStyle ?? false,
    // The checksums that newer SDKs add by themselves are refused by many servers that speak S3.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });

  return {
    /** Visible under its key only when all of it has arrived. */
    async put(Key: string, Body: Readable, options: { maxBytes: number; signal?: AbortSignal | undefined }) {
      const partSize = Math.max(leastPart, Math.ceil(options.maxBytes / mostParts));
      const upload = new Upload({ client, params: { Bucket, Key, Body }, partSize, queueSize: partsAtOnce });
      const stop = () => void upload.abort();
      options.signal?.addEventListener('abort', stop, { once: true });
      try {
        options.signal?.throwIfAborted();
        await upload.done();
      } finally {
        options.signal?.removeEventListener('abort', stop);
      }
    },

    /** Undefined when there is no such object. */
    async head(Key: string): Promise<S3Head | undefined> {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket, Key }));
        return {
          bytes: found.ContentLength ?? 0,
          etag: found.ETag ?? '',
          modifiedAt: found.LastModified ?? new Date(0),
        };
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },

    /** Begins to read when the stream is read. Fails when the object is no longer the one of the tag. */
    read(Key: string, IfMatch: string, range?: { start: number; end: number }): Readable {
      const Range = range && `bytes=${range.start}-${range.end}`;
      const chunks = async function* () {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key, IfMatch, Range }));
        yield* Body as Readable;
      };
      return Readable.from(chunks(), { objectMode: false });
    },

    /** Missing objects are fine. */
    async remove(Key: string) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },

    /** The keys below a prefix, page by page. */
    async *list(Prefix: string): AsyncGenerator<string[]> {
      for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix }))
        yield (page.Contents ?? []).flatMap(({ Key }) => Key ?? []);
    },

    /** Ends uploads in parts below a prefix that began before a time: nobody else sees what they hold. Says how many. */
    async endUploads(Prefix: string, { before, limit }: { before: Date; limit: number }): Promise<number> {
      let ended = 0;
      let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
      while (from && ended < limit) {
        const page: ListMultipartUploadsCommandOutput = await client.send(
          new ListMultipartUploadsCommand({ Bucket, Prefix, ...from }),
        );
        const old = (page.Uploads ?? []).filter(({ Initiated }) => Initiated !== undefined && Initiated < before);
        for (const { Key, UploadId } of old.slice(0, limit - ended)) {
          await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
          ended += 1;
        }
        from = page.IsTruncated
          ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker }
          : undefined;
      }
      return ended;
    },

    async presign(Key: string, { bytes, expiresS }: { bytes: number; expiresS: number }): Promise<PresignedWrite> {
      // The length is part of the signature: a body of another size is refused by the store.
      const command = new PutObjectCommand({ Bucket, Key, ContentLength: bytes });
      return {
        url: await getSignedUrl(client, command, { expiresIn: expiresS }),
        headers: { 'content-length': String(bytes) },
      };
    },
  };
}

function isMissing(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 404;
}
