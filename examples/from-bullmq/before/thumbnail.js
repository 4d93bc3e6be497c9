/** The work itself, which knows nothing of queues. It stands in for an image library. */
import { appendFile } from 'node:fs/promises';

export async function makeThumbnail({ photoId, width }) {
  await appendFile(`${process.env.OUT}/made.txt`, `${photoId} ${width}\n`);
  return { file: `${photoId}-${width}.webp` };
}
