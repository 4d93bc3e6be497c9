/** Passes a number on that changes often: the latest one, and not more than one in a while. */

export interface NowAndThen {
  /** What comes before is not passed on. */
  begin(): void;
  tell(value: number): void;
  /** Resolves when nothing is on its way any more; nothing is to be told after it. */
  end(): Promise<void>;
}

/** @param everyMs between the end of one write and the next. Default 1,000 */
export function tellNowAndThen(write: (value: number) => Promise<void>, everyMs = 1_000): NowAndThen {
  let next = Number.POSITIVE_INFINITY;
  let writing: Promise<void> = Promise.resolve();
  const begin = (inMs = 0) => {
    next = performance.now() + inMs;
  };
  return {
    begin,
    tell(value) {
      if (performance.now() < next) return;
      next = Number.POSITIVE_INFINITY;
      // One that fails is made up for by the next; that the database is gone is found out by whoever settles the job.
      const after = () => begin(everyMs);
      writing = write(value).then(after, after);
    },
    end: () => writing,
  };
}
