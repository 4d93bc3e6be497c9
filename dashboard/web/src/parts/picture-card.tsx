/** A picture of the media that a job works on; nothing while there is none. */
import { useState } from 'preact/hooks';
import type { JobDetail } from '../../../../src/contract/job-view.ts';

export function PictureCard({ job }: { job: JobDetail }) {
  const [missing, setMissing] = useState(false);
  const mediaId = (job.payload as { mediaId?: unknown } | null)?.mediaId;
  if (typeof mediaId !== 'string' || missing || job.state !== 'succeeded') return null;
  return (
    <section class="card" aria-label="Media">
      <header class="pad">
        <h2>Media</h2>
        <span class="soft mono">{mediaId}</span>
      </header>
      <img
        class="picture"
        src={`api/jobs/${job.id}/picture`}
        alt={`Media ${mediaId}`}
        onError={() => setMissing(true)}
      />
    </section>
  );
}
