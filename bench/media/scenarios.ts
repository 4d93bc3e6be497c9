/** `npm run bench -- media`: photos and videos on the whole path, and programs that only make the same files. */
import type { Scenario } from '../measured.ts';
import { plainSharp, vipsthumbnail, wholePath as wholePhotos } from './photos.ts';
import { oneFfmpeg, wholePath as wholeVideo } from './video.ts';

/** In the order of the report; the video's peer makes what the whole path has made before it. */
export function mediaScenarios(scale: number): Scenario[] {
  const photos = Math.max(4, Math.round(12 * scale));
  // A clip as people post them. A shorter one would measure how programs start.
  const seconds = Math.max(20, Math.round(30 * scale));
  const ours = ['rate', 'memory', 'memory of a child'];
  const video = ['rate', 'plays', 'took', 'memory', 'memory of a child'];
  return [
    { name: 'photos, whole path', keys: ours, run: () => wholePhotos(photos) },
    { name: 'photos, a decode per rendition', keys: ['rate'], run: () => plainSharp(photos, 'loop') },
    { name: 'photos, one decode', keys: ['rate'], run: () => plainSharp(photos, 'cascade') },
    { name: 'photos, vipsthumbnail', keys: ['rate'], run: () => vipsthumbnail(photos) },
    { name: 'a video that fits, whole path', keys: video, run: () => wholeVideo(seconds, 'fitting') },
    { name: 'a video, whole path', keys: video, run: () => wholeVideo(seconds) },
    { name: 'a video, one ffmpeg', keys: ['rate', 'took'], run: () => oneFfmpeg(seconds) },
  ];
}
