/** The feed: newest first, with hearts. */
import { call, me, ofPerson } from '../api.ts';
import { feed, loadFeed, names, type Post } from '../world.ts';
import { Ago, Face, Media } from './small.tsx';

/** Posts that were liked in this tab. */
const liked = ofPerson<ReadonlySet<string>>(new Set());

export function Feed() {
  const posts = feed.value;
  return (
    <section aria-label="Feed" class="feed">
      {posts === null && <p class="card pad soft">Reading your feed …</p>}
      {posts?.length === 0 && <p class="card pad soft">Nobody whom you follow has posted yet.</p>}
      {posts?.map((post) => (
        <PostCard key={post.id} post={post} />
      ))}
    </section>
  );
}

function PostCard({ post }: { post: Post }) {
  const author = names.value[post.authorId] ?? '…';
  const mine = post.authorId === me.value?.userId;
  const isLiked = liked.value.has(post.id);
  const like = async () => {
    await call(`v1/posts/${post.id}/like`, { method: isLiked ? 'DELETE' : 'PUT' });
    const next = new Set(liked.value);
    if (!next.delete(post.id)) next.add(post.id);
    liked.value = next;
    await loadFeed();
  };
  return (
    <article class="card post" data-post={post.id}>
      <header>
        <Face name={author} />
        <h2>{mine ? 'You' : author}</h2>
        <small>
          <Ago at={post.createdAt} />
        </small>
      </header>
      {post.media.map((media) => (
        <Media key={media.id} media={media} alt={post.caption || `By ${author}`} wide={640} />
      ))}
      <Caption text={post.caption} />
      <footer>
        <button type="button" aria-pressed={isLiked} onClick={() => void like().catch(() => undefined)}>
          <span aria-hidden="true">{isLiked ? '♥' : '♡'}</span> {post.likeCount} <span class="hidden">likes</span>
        </button>
        <small>
          {post.commentCount} {post.commentCount === 1 ? 'comment' : 'comments'}
        </small>
      </footer>
    </article>
  );
}

/** Hashtags stand out. */
function Caption({ text }: { text: string }) {
  if (text === '') return null;
  const parts = text.split(/(#[\p{L}\p{N}\p{M}_]+)/u);
  return <p>{parts.map((part, n) => (n % 2 ? <b key={part}>{part}</b> : part))}</p>;
}
