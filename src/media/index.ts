/** What `src/twolane.ts` puts together. */
export { gapsOfCage } from './cage.ts';
export { type MediaCode, mediaCodes, registerMediaCodes } from './codes.ts';
export { folderStore } from './folders.ts';
export { type ImagePoolOptions, type ImageRenderer, imagePool } from './image/index.ts';
export { pieceStore } from './piece-store.ts';
export { poisonRecords } from './poison.ts';
export { type MediaServiceOptions, mediaService } from './service.ts';
export { mediaStore } from './store.ts';
export { mediaUploads } from './upload/service.ts';
export { type UploadStore, uploadStore } from './upload/store.ts';
export { type VideoMaker, videoMaker } from './video/index.ts';
export { type MediaServices, mediaServices } from './work.ts';
