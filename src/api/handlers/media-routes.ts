/** The routes of uploads, media and files, in the order of the reference. */
import type { FileStore, JobEvents, MediaService, MediaUploads, Operations } from '../../contract/index.ts';
import type { Route } from '../../http/route.ts';
import { addMedia } from './add-media.ts';
import { getMedia } from './get-media.ts';
import { listMedia } from './list-media.ts';
import { addRenditions, describeMedia, similarMedia } from './pictures.ts';
import { planMedia } from './plan-media.ts';
import { finishPresigned, presignUpload } from './presigned-upload.ts';
import { removeMedia } from './remove-media.ts';
import { serveFile } from './serve-file.ts';
import { tusRoutes } from './tus-upload.ts';
import { uploadMedia } from './upload-media.ts';
import { watchMedia } from './watch-media.ts';

export interface MediaDeps {
  media: MediaService;
  uploads: MediaUploads;
  files: FileStore;
  events: JobEvents;
  operations: Pick<Operations, 'get'>;
  /** Largest upload, bytes. */
  maxUploadBytes: number;
}

export function mediaRoutes(deps: MediaDeps): readonly Route[] {
  return [
    uploadMedia(deps),
    ...tusRoutes(deps),
    presignUpload(deps),
    finishPresigned(deps),
    addMedia(deps),
    planMedia(deps),
    listMedia(deps),
    getMedia(deps),
    watchMedia(deps),
    describeMedia(deps),
    similarMedia(deps),
    addRenditions(deps),
    removeMedia(deps),
    serveFile(deps),
  ];
}
