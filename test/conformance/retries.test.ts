/** When a failed job runs again, on every lane: each kind of back-off, errors that say when or never, and how errors are grouped. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob, type JobContext, type LaneName, RetryAfterError } from '../../src/contract/index.ts';
import { type LaneApp, laneCases, startLaneApp } from '../support/lanes.ts';

const payload = z.object({ name: z.string(), throws: z.array(z.string()) });

function catalogOf(lane: LaneName) {
  const common = { lane, queue: 'work', payload } as const;
  return {
    listed: defineJob({ ...common, type: 'listed', backoff: { kind: 'list', delaysMs: [150, 0], jitter: 'none' } }),
    linear: defineJob({ ...common, type: 'linear', backoff: { kind: 'linear', delayMs: 120, jitter: 'none' } }),
    custom: defineJob({
      ...common,
      type: 'custom',
      backoff: { kind: 'custom', delay: (attempt, error) => (/hopeless/.test(String(error)) ? 'dead' : attempt * 80) },
    }),
    strict: defineJob({ ...common, type: 'strict', nonRetryable: [RangeError, 'E_GONE'], backoff: { delayMs: 20 } }),
  };
}

/** What the handlers throw, by name. */
const errors: Record<string, () => Error> = {
  E_GONE: () => Object.assign(new Error('It is gone'), { code: 'E_GONE' }),
  range: () => new RangeError('Out of range'),
  later: () => new RetryAfterError('Come back later', 400),
};

describe.each(laneCases)('On the $name lane', (laneCase) => {
  const jobs = catalogOf(laneCase.lane);
  const starts = new Map<string, number[]>();
  let app: LaneApp;
  beforeAll(async () => {
    const handler = async (script: z.output<typeof payload>, context: JobContext<void>) => {
      starts.set(script.name, [...(starts.get(script.name) ?? []), Date.now()]);
      const what = script.throws[context.attempt - 1];
      if (what) throw (errors[what] ?? (() => new Error(what)))();
    };
    const handlers = () => ({ listed: handler, linear: handler, custom: handler, strict: handler });
    app = await startLaneApp(laneCase, { overrides: { catalog: jobs, handlers } });
  });
  afterAll(() => app.stop());

  /** Milliseconds between the starts of a job's attempts. */
  const gaps = (name: string) => (starts.get(name) ?? []).slice(1).map((at, n) => at - (starts.get(name)?.[n] ?? 0));

  test('each kind of back-off waits as it says', async () => {
    const { twolane } = app;
    const fails = ['once', 'twice'];
    const [listed, linear, custom] = await Promise.all([
      twolane.enqueue(jobs.listed, { name: 'listed', throws: fails }),
      twolane.enqueue(jobs.linear, { name: 'linear', throws: fails }),
      twolane.enqueue(jobs.custom, { name: 'custom', throws: fails }),
    ]);
    for (const { id } of [listed, linear, custom])
      expect(await app.reaches(id, 'succeeded')).toMatchObject({ attempt: 3 });
    // The clocks of two processes and the start of a handler are within a few milliseconds.
    expect(gaps('listed')[0]).toBeGreaterThanOrEqual(145);
    expect(gaps('linear')[0]).toBeGreaterThanOrEqual(115);
    expect(gaps('linear')[1]).toBeGreaterThanOrEqual(235);
    expect(gaps('custom')[1]).toBeGreaterThanOrEqual(155);
  });

  test('an error that says when to come back is believed, and the attempt counts', async () => {
    const job = await app.twolane.enqueue(jobs.listed, { name: 'later', throws: ['once', 'later'] });
    expect(await app.reaches(job.id, 'succeeded')).toMatchObject({ attempt: 3 });
    expect(gaps('later')[1]).toBeGreaterThanOrEqual(395);
  });

  test('an error of a listed class or code, and the word of a custom rule, end the job at once', async () => {
    const jobsThatEnd = await app.twolane.enqueueMany([
      { job: jobs.strict, payload: { name: 'class', throws: ['range'] } },
      { job: jobs.strict, payload: { name: 'code', throws: ['other', 'E_GONE'] } },
      { job: jobs.custom, payload: { name: 'custom dead', throws: ['hopeless'] } },
    ]);
    const attempts = [];
    for (const { id } of jobsThatEnd) attempts.push((await app.reaches(id, 'dead')).attempts.length);
    expect(attempts).toEqual([1, 2, 1]);
  });
});
