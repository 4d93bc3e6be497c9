/** What the owner of a picture can do with it beside looking at it. */
import type { MediaView } from './media.ts';

/** Characters of an alternative text. */
export const maxAltText = 1_500;

export interface SimilarMedia {
  /** Bits in which the two hashes differ: 0 for copies of each other, up to 31 for what looks the same. */
  distance: number;
  media: MediaView;
}

/** Each answers undefined when the owner has no such media. */
export interface Pictures {
  /** Sets or, with null, removes the text for those who can't see the picture. */
  describe(id: string, ownerId: string, what: { altText: string | null }): Promise<MediaView | undefined>;
  /** Media of the same owner that look the same, the nearest first: without the media itself, and at most 100. */
  similar(
    id: string,
    ownerId: string,
    how: { maxDistance: number; limit: number },
  ): Promise<readonly SimilarMedia[] | undefined>;
}
