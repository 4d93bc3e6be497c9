/** One page of a list, and the way to the next. */

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  /** 1 to 500, default 50. */
  limit?: number;
  cursor?: string;
}
