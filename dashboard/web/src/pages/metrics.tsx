/** How queues and job types fared over time: what came in and went out, failures, waits, runs, and the age of the oldest. */
import { laneNames } from '../../../../src/contract/words.ts';
import type { MetricsPoint, ShownMetrics } from '../../../handlers/show-metrics.ts';
import { type MetricsRange, metricsRanges } from '../../../ranges.ts';
import { getMetrics, session } from '../api.ts';
import { duration, rate } from '../format.ts';
import { Chart, type Series } from '../parts/chart.tsx';
import { Problem } from '../parts/problem.tsx';
import { Select } from '../parts/select.tsx';
import { Empty } from '../parts/small.tsx';
import { go, here } from '../router.ts';
import { useLoad } from '../use-load.ts';

const rangeTitles: Readonly<Record<MetricsRange, string>> = {
  '1h': '1 hour',
  '6h': '6 hours',
  '24h': '24 hours',
  '7d': '7 days',
  '30d': '30 days',
};

export function Metrics() {
  const { search } = here.value;
  const given = new URLSearchParams(search);
  const range = metricsRanges.find((one) => one === given.get('range')) ?? '1h';
  const { data, error, reload } = useLoad(`metrics${search}`, (signal) => getMetrics(search, signal), 10_000);
  return (
    <>
      <section class="card">
        <header class="pad">
          <h1>Metrics</h1>
          <nav class="ranges" aria-label="Stretch of time">
            {metricsRanges.map((one) => (
              <a key={one} href={hrefWith(given, 'range', one)} aria-current={one === range ? 'true' : undefined}>
                {rangeTitles[one]}
              </a>
            ))}
          </nav>
          <Of given={given} />
        </header>
        {error !== undefined && <Problem error={error} onRetry={reload} />}
        {!data && error === undefined && <p class="pad soft">Loading</p>}
        {data?.points.length === 0 && (
          <Empty title="Nothing was measured yet">
            A scheduler process writes a row each minute; the first comes within ten seconds of its start.
          </Empty>
        )}
      </section>
      {data && data.points.length > 0 && <Charts metrics={data} ofType={given.has('type')} />}
    </>
  );
}

/** The axis of durations reaches so far at least: its labels are whole. */
const leastMs = 5;

/** Of which lane, queue or job type. */
function Of({ given }: { given: URLSearchParams }) {
  const [lane = '', queue = ''] = [given.get('lane') ?? '', given.get('queue') ?? ''];
  const ofLane = (session.value?.types ?? []).filter((type) => !lane || type.lane === lane);
  const queues = [...new Set(ofLane.map((type) => type.queue))].sort();
  const types = ofLane.filter((type) => !queue || type.queue === queue).map(({ type }) => type);
  const choose = (name: string) => (value: string) => go(hrefWith(given, name, value));
  return (
    <div class="selects">
      <Select name="lane" values={laneNames} chosen={lane} onChoose={choose('lane')} />
      <Select name="queue" values={queues} chosen={queue} onChoose={choose('queue')} />
      <Select name="type" values={types.sort()} chosen={given.get('type') ?? ''} onChoose={choose('type')} />
    </div>
  );
}

function hrefWith(given: URLSearchParams, name: string, value: string): string {
  const next = new URLSearchParams(given);
  if (value === '') next.delete(name);
  else next.set(name, value);
  // A type belongs to a queue and that to a lane: with another one it may not be there.
  if (name === 'lane') next.delete('queue');
  if (name === 'lane' || name === 'queue') next.delete('type');
  return `metrics?${next}`;
}

function Charts({ metrics: { from, to, points }, ofType }: { metrics: ShownMetrics; ofType: boolean }) {
  const shared = { times: points.map(({ at }) => Date.parse(at)), from: Date.parse(from), to: Date.parse(to) };
  const line = (title: string, color: string, of: (point: MetricsPoint) => number | null): Series => ({
    title,
    color,
    values: points.map(of),
  });
  const perSecond = (value: number) => `${rate(value)}/s`;
  return (
    <div class="lanes">
      <Chart
        {...shared}
        title="Throughput"
        format={perSecond}
        series={[
          ofType
            ? line('started', '--running', (point) => point.startedPerS)
            : line('in', '--running', (point) => point.enqueuedPerS),
          line('done', '--good', (point) => point.finishedPerS),
          line('failed', '--bad', (point) => point.failedPerS),
        ]}
      />
      <Chart
        {...shared}
        title="Failed attempts"
        format={(value) => `${value < 9.95 ? value.toFixed(1) : Math.round(value)} %`}
        series={[line('of those that ended', '--bad', (point) => point.failedPercent)]}
      />
      <Chart
        {...shared}
        title="Wait"
        format={duration}
        least={leastMs}
        series={[
          line('p50', '--good', (point) => point.p50WaitMs),
          line('p95', '--warn', (point) => point.p95WaitMs),
          line('p99', '--bad', (point) => point.p99WaitMs),
        ]}
      />
      <Chart
        {...shared}
        title="Run"
        format={duration}
        least={leastMs}
        series={[
          line('p50', '--good', (point) => point.p50RunMs),
          line('p95', '--warn', (point) => point.p95RunMs),
          line('p99', '--bad', (point) => point.p99RunMs),
        ]}
      />
      <Chart
        {...shared}
        title={ofType ? 'Oldest waiting job of its queue' : 'Oldest waiting job'}
        format={duration}
        least={leastMs}
        series={[line('age', '--scheduled', (point) => point.oldestMs)]}
      />
    </div>
  );
}
