/** The stretches of time that the page of metrics shows, and how finely. Pure; the pages in the browser use it too. */
export const metricsRanges = ['1h', '6h', '24h', '7d', '30d'] as const;
export type MetricsRange = (typeof metricsRanges)[number];

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Milliseconds. Beyond two days back the steps are half hours or more: that is what is kept. */
export const ranges: Readonly<Record<MetricsRange, { lengthMs: number; stepMs: number }>> = {
  '1h': { lengthMs: hourMs, stepMs: minuteMs },
  '6h': { lengthMs: 6 * hourMs, stepMs: 5 * minuteMs },
  '24h': { lengthMs: 24 * hourMs, stepMs: 15 * minuteMs },
  '7d': { lengthMs: 7 * 24 * hourMs, stepMs: hourMs },
  '30d': { lengthMs: 30 * 24 * hourMs, stepMs: 4 * hourMs },
};
