/** What the owner of a picture can do with it beside looking at it. */
import type { MediaView } from './media.ts';

/** Characters of an alternative text. */
export const maxAltText = 1_500;

/** The looks that a picture can be given; src/media/image/filters/data.ts says how each is made. */
export const filterNames = [
  'amber',
  'breeze',
  'cinder',
  'clover',
  'dune',
  'ember',
  'frost',
  'harbour',
  'ink',
  'lagoon',
  'linen',
  'noir',
  'plum',
  'wheat',
] as const;
export type FilterName = (typeof filterNames)[number];

/** Filters in one request. */
export const maxFilters = 8;

/** Renditions beside those that every picture gets. */
export interface ExtraRenditions {
  /** Every size in each of these looks, as WebP and JPEG. */
  filters?: readonly FilterName[] | undefined;
  /** Every size up to 1,080 pixels wide as AVIF. */
  avif?: boolean | undefined;
}

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
  /**
   * Has more renditions made; the same request again is answered with the same job. They appear all at once.
   * Throws TwolaneError `not_ready`, `not_an_image`.
   */
  addRenditions(id: string, ownerId: string, what: ExtraRenditions): Promise<{ jobId: string } | undefined>;
}
