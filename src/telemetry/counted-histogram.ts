/** A histogram whose counts are kept elsewhere: prom-client gives it out and adds nothing up itself. */
import type { Metric, Registry } from 'prom-client';
import { type Histogram, histogramBoundsMs } from '../contract/histogram.ts';

export interface CountedSeries {
  labels: Record<string, string>;
  counts: Histogram;
  /** All observations together, seconds. */
  sumS: number;
}

/** Registers the histogram `name`, in seconds; the answer replaces all of its series. */
export function countedHistogram(registry: Registry, name: string, help: string): (series: CountedSeries[]) => void {
  let values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
  const metric = { name, help, type: 'histogram', aggregator: 'sum', get: async () => ({ ...metric, values }) };
  registry.registerMetric(metric as unknown as Metric);
  return (series) => {
    values = series.flatMap((one) => seriesOf(name, one));
  };
}

/** Buckets hold all that was not above their bound, by the text format of Prometheus. */
function seriesOf(name: string, { labels, counts, sumS }: CountedSeries) {
  let below = 0;
  const buckets = [...histogramBoundsMs.map((ms) => String(ms / 1_000)), '+Inf'].map((le, index) => {
    below += counts[index] ?? 0;
    return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sumS },
    { metricName: `${name}_count`, labels, value: below },
  ];
}
