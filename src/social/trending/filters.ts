/** The quality filters: pure functions over a prepared post, each with the reason why it keeps tags out. A kept-out tag counts for nothing. */
import { hashtags } from './hashtags.ts';

/** A post with all that the filters ask, as the pre-processor prepares it. */
export interface PreparedPost {
  postId: string;
  authorId: string;
  caption: string;
  /** When it was published, ISO 8601 UTC. */
  at: string;
  /** Whether everybody can see it now. */
  published: boolean;
  /** Null for people of another product. */
  authorAgeMs: number | null;
  /** The velocity rules have blocked the author within a day. */
  authorBlocked: boolean;
}

export type Reason = 'not_published' | 'too_many_tags' | 'new_author' | 'blocked_author' | 'banned_tag';

/** What the filters judge by; `version` is stored with each result, so that a change can be told apart. */
export interface FilterSettings {
  version: number;
  mostTags: number;
  leastAuthorAgeMs: number;
  bannedTags: ReadonlySet<string>;
}

export const filterSettings: FilterSettings = {
  version: 1,
  mostTags: 30,
  leastAuthorAgeMs: 10 * 60_000,
  bannedTags: new Set(),
};

type PostFilter = (post: PreparedPost, tags: readonly string[], settings: FilterSettings) => boolean;

/** Each keeps all tags of a post out; the first that does gives the reason. */
const postFilters: readonly (readonly [Reason, PostFilter])[] = [
  ['not_published', ({ published }) => !published],
  ['too_many_tags', (_post, tags, { mostTags }) => tags.length > mostTags],
  ['blocked_author', ({ authorBlocked }) => authorBlocked],
  ['new_author', ({ authorAgeMs }, _tags, settings) => (authorAgeMs ?? Infinity) < settings.leastAuthorAgeMs],
];

export interface Parsed {
  tags: string[];
  /** How many tags were kept out, by reason. */
  dropped: Partial<Record<Reason, number>>;
}

export function parse(post: PreparedPost, settings: FilterSettings = filterSettings): Parsed {
  const tags = hashtags(post.caption);
  const reason = postFilters.find(([, keepsOut]) => keepsOut(post, tags, settings))?.[0];
  if (reason) return { tags: [], dropped: tags.length > 0 ? { [reason]: tags.length } : {} };
  const fine = tags.filter((tag) => !settings.bannedTags.has(tag));
  const banned = tags.length - fine.length;
  return { tags: fine, dropped: banned > 0 ? { banned_tag: banned } : {} };
}
