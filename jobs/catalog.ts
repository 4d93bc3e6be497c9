/** Every job type, by its name: all that the API and the dashboard need to know of jobs. */
import { processImageJob } from './bulk/process-image.job.ts';
import { processVideoJob } from './bulk/process-video.job.ts';

/** What the platform itself runs. */
export const platformJobs = {
  'process-image': processImageJob,
  'process-video': processVideoJob,
} as const;

/** What the social product runs. */
export const socialJobs = {} as const;

/** The job types of an installation: the platform's, and its product's. */
export function catalogFor(product: 'social' | 'none') {
  return product === 'social' ? { ...platformJobs, ...socialJobs } : { ...platformJobs };
}
