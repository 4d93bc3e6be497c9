/** Media put together: the service of the API, and what the handlers of media jobs need. */
import { type Catalog, type FileStore, type MediaService, type MediaUploads, TwolaneError } from './contract/index.ts';
import type { JobDefinition } from './contract/job.ts';
import type { Core } from './core.ts';
import {
  folderStore,
  gapsOfCage,
  imagePool,
  type MediaServices,
  mediaService,
  mediaServices,
  mediaStore,
  mediaUploads,
  pieceStore,
  poisonRecords,
  uploadStore,
  videoMaker,
} from './media/index.ts';
import type { Outgoing } from './outgoing/index.ts';

export interface MediaParts {
  service: MediaService;
  uploads: MediaUploads;
  /** Made on first use: it owns the image processes, which only workers need. */
  services(): MediaServices;
  close(): void;
}

export function createMediaParts(
  core: Core,
  { files, outgoing, catalog }: { files: FileStore; outgoing: Outgoing; catalog: Catalog },
): MediaParts {
  const { config, database, enqueuer, operations } = core;
  const closers: (() => void)[] = [];
  let services: MediaServices | undefined;
  const jobs = {
    get image() {
      return jobOf(catalog, 'process-image');
    },
    get video() {
      return jobOf(catalog, 'process-video');
    },
    get renditions() {
      return jobOf(catalog, 'make-renditions');
    },
    get avif() {
      return jobOf(catalog, 'make-avif');
    },
    get fetch() {
      return jobOf(catalog, 'fetch-media');
    },
    get plan() {
      return jobOf(catalog, 'plan-video');
    },
    get piece() {
      return jobOf(catalog, 'encode-piece');
    },
  };
  const poison = poisonRecords(database, jobs);
  const limits = {
    maxUploadBytes: config.TWOLANE_MAX_UPLOAD_BYTES,
    expiresS: config.TWOLANE_UPLOAD_EXPIRES_S,
    quotas: {
      owner: { bytes: config.TWOLANE_OWNER_MAX_BYTES, uploads: config.TWOLANE_OWNER_MAX_UPLOADS },
      tenant: { bytes: config.TWOLANE_TENANT_MAX_BYTES, uploads: config.TWOLANE_TENANT_MAX_UPLOADS },
    },
  };
  const options = {
    poison,
    db: database.databaseFor,
    files,
    enqueuer,
    operations,
    outgoing,
    jobs,
    publicUrl: config.PUBLIC_URL,
    limits,
    shard: config.TWOLANE_SHARD,
  };
  const uploadsService = mediaUploads(options);
  return {
    service: mediaService(options),
    uploads: uploadsService,
    services() {
      if (services) return services;
      const reach = gapsOfCage();
      if (reach.length > 0)
        core.logger.warn({ reach }, 'Programs that read uploads could reach more than they should: see twolane doctor');
      const images = imagePool({ maxPixels: config.TWOLANE_MAX_PIXELS });
      closers.push(() => images.close());
      const videos = videoMaker({
        images,
        limits: { maxDurationS: config.TWOLANE_MAX_VIDEO_S },
        pieceCpuS: config.TWOLANE_VIDEO_PIECE_MS / 1000,
      });
      const maxBytes = config.TWOLANE_MAX_UPLOAD_BYTES;
      const uploads = uploadStore(database.databaseFor);
      const fetching = { outgoing, enqueuer: core.followUps, jobs, poison, maxBytes, limits, uploads };
      const [store, pieces] = [mediaStore(database.databaseFor), pieceStore(database.databaseFor)];
      const folders = folderStore(database.databaseFor);
      services = mediaServices({
        store,
        files,
        images,
        videos,
        fetching,
        pieces,
        folders,
        pieceJob: () => jobs.piece,
        async followPhoto(tx, { tenant, filters, ...photo }) {
          // An app with a catalog of its own may do without AVIF.
          const avif = config.TWOLANE_AVIF && catalog['make-avif'] ? [{ job: jobs.avif, payload: photo }] : [];
          const looks = filters.length > 0 ? [{ job: jobs.renditions, payload: { ...photo, filters } }] : [];
          const following = [...looks, ...avif].map((each) => ({ ...each, options: { tenant } }));
          if (following.length > 0) await core.followUps.enqueueIn(tx, following);
        },
      });
      return services;
    },
    close() {
      for (const close of closers) close();
    },
  };
}

function jobOf(catalog: Catalog, type: string): JobDefinition {
  const definition = catalog[type];
  if (definition) return definition;
  throw new TwolaneError('no_media_jobs', `Uploads need the job type ${type} in the catalog`);
}
