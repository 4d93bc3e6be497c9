/** Takes photos and videos, shows how their jobs run and their renditions appear, and posts them. */
import { useRef, useState } from 'preact/hooks';
import type { MediaView } from '../../../../../contract/media.ts';
import { at, type CallError, call, follow, ofPerson, upload } from '../api.ts';
import { loadFeed } from '../world.ts';
import { Media } from './small.tsx';

interface Job {
  id: string;
  state: string;
  progress: { percent: number; note?: string } | null;
}
interface Shared {
  key: number;
  name: string;
  sent: number;
  media?: MediaView;
  job?: Job;
  trouble?: string;
  posted?: boolean;
}

const shared = ofPerson<readonly Shared[]>([]);
let nextKey = 1;

function change(key: number, news: Partial<Shared>): void {
  shared.value = shared.value.map((one) => (one.key === key ? { ...one, ...news } : one));
}

async function share(file: File): Promise<void> {
  const key = nextKey++;
  shared.value = [{ key, name: file.name, sent: 0 }, ...shared.value];
  try {
    const { id, jobId } = await upload(file, (sent) => change(key, { sent }));
    change(key, { sent: 1 });
    const look = async () => {
      const [media, job] = await Promise.all([call<MediaView>(`v1/media/${id}`), call<Job>(`v1/jobs/${jobId}`)]);
      change(key, { media, job });
      if (media.state !== 'processing') stop();
    };
    const stop = follow(`v1/media/${id}/events`, ['message', 'progress', 'state', 'media', 'job'], () => void look());
    await look();
  } catch (error) {
    change(key, { trouble: (error as CallError).message });
  }
}

export function Share() {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    for (const file of files ?? []) void share(file);
  };
  return (
    <>
      <section
        aria-labelledby="share"
        class={`card drop ${over ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          take(event.dataTransfer?.files);
        }}
      >
        <h2 id="share">Drop a photo or a video here</h2>
        <button type="button" class="main" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <input
          ref={input}
          id="files"
          type="file"
          aria-label="Files to share"
          accept="image/*,video/mp4,video/quicktime"
          multiple
          hidden
          onChange={(event) => take(event.currentTarget.files)}
        />
      </section>
      {shared.value.map((one) => (
        <SharedCard key={one.key} shared={one} />
      ))}
    </>
  );
}

function SharedCard({ shared: { key, name, sent, media, job, trouble, posted } }: { shared: Shared }) {
  const failed = trouble ?? media?.error?.message;
  const state = failed ? 'failed' : posted ? 'posted' : (job?.state ?? (sent < 1 ? 'uploading' : 'accepted'));
  const percent = media?.state === 'ready' ? 100 : sent < 1 ? sent * 100 : (job?.progress?.percent ?? 0);
  return (
    <article class="card pad shared" data-state={state}>
      <header>
        <h3>{name}</h3>
        <span class={`state ${failed ? 'bad' : state}`}>{state}</span>
      </header>
      {!failed && media?.state !== 'ready' && <progress max={100} value={percent} aria-label={`Progress of ${name}`} />}
      {failed && <p class="bad">{failed}</p>}
      {job && (
        <small>
          <a href={at(`ops/jobs/${job.id}`)}>job {job.id}</a> {media?.state === 'processing' && job.progress?.note}
        </small>
      )}
      {media && media.state !== 'failed' && (media.renditions.length > 0 || media.video) && (
        <>
          <Media media={media} alt={name} wide={360} />
          <Renditions media={media} />
        </>
      )}
      {media && !failed && !posted && <PostForm mediaId={media.id} onPosted={() => change(key, { posted: true })} />}
    </article>
  );
}

/** What was made of it so far: of a video its rungs first, with how much of them is encoded. */
function Renditions({ media: { renditions, video } }: { media: MediaView }) {
  const sizes = renditions.filter(({ crop, filter, frames }) => !crop && !filter && !frames);
  return (
    <ul class="sizes" aria-label="Renditions">
      {video?.encoding?.map(({ name, percent }) => (
        <li key={name}>
          {name} {Math.floor(percent)} %
        </li>
      ))}
      {!video?.encoding && video?.rungs.map(({ name }) => <li key={name}>{name} video</li>)}
      {sizes.map(({ name, url, width, format }) => (
        <li key={name}>
          <a href={url}>
            {width} {format}
          </a>
        </li>
      ))}
    </ul>
  );
}

function PostForm({ mediaId, onPosted }: { mediaId: string; onPosted: () => void }) {
  const [caption, setCaption] = useState('');
  const [trouble, setTrouble] = useState('');
  const post = async (event: Event) => {
    event.preventDefault();
    try {
      await call('v1/posts', { method: 'POST', body: { mediaIds: [mediaId], caption } });
      onPosted();
      await loadFeed();
    } catch (error) {
      setTrouble((error as CallError).message);
    }
  };
  return (
    <form onSubmit={(event) => void post(event)}>
      <label>
        Caption
        <input
          value={caption}
          maxLength={2_200}
          placeholder="Say something, #with a tag"
          onInput={(event) => setCaption(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="main">
        Post
      </button>
      {trouble && (
        <p class="bad" role="alert">
          {trouble}
        </p>
      )}
    </form>
  );
}
