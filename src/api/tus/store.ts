/** What the tus server keeps its uploads in: our own, so that every file store will do. */
import type { Readable } from 'node:stream';
import { DataStore, ERRORS, Upload } from '@tus/server';
import type { MediaUploads } from '../../contract/index.ts';
import { presentCall, sentMetadata } from './call.ts';

export class TusStore extends DataStore {
  readonly #uploads: MediaUploads;

  constructor(uploads: MediaUploads) {
    super();
    this.#uploads = uploads;
    this.extensions = ['creation', 'creation-with-upload', 'checksum', 'expiration', 'termination'];
  }

  override async create(upload: Upload): Promise<Upload> {
    const { userId: ownerId, tenant } = presentCall();
    await this.#uploads.create(upload.id, {
      ownerId,
      tenant,
      bytes: upload.size ?? 0,
      ...sentMetadata(upload.metadata),
    });
    upload.creation_date = new Date().toISOString();
    return upload;
  }

  override write(stream: Readable, id: string, offset: number): Promise<number> {
    return this.#uploads.append(id, offset, stream, presentCall().checksum);
  }

  override async getUpload(id: string): Promise<Upload> {
    const found = await this.#uploads.find(id);
    if (!found) throw ERRORS.FILE_NOT_FOUND;
    const { bytes: size, received: offset, createdAt } = found;
    const metadata = (found.metadata ?? undefined) as Upload['metadata'];
    return new Upload({ id, size, offset, creation_date: createdAt.toISOString(), ...(metadata && { metadata }) });
  }

  override remove(id: string): Promise<void> {
    return this.#uploads.end(id);
  }

  /** Milliseconds. */
  override getExpiration(): number {
    return this.#uploads.expiresS * 1000;
  }

  /** A job collects them, and never one that is finished. */
  override async deleteExpired(): Promise<number> {
    return 0;
  }
}
