/** What the Grafana dashboard shows, as data: rows of panels with their PromQL. */

export interface Panel {
  title: string;
  /** Of Grafana: `s`, `ops`, `short`, `percentunit`, `bytes`. */
  unit: string;
  /** PromQL by legend. Series of the ledger are the same from every process: they are taken once, by `max`. */
  queries: Readonly<Record<string, string>>;
  kind?: 'timeseries' | 'stat';
}

const of = 'lane=~"$lane",queue=~"$queue"';
const once = (by: string, series: string) => `max by (${by}) (${series})`;
const rate = (by: string, name: string, more = '') =>
  `sum by (${by}) (${once(`lane, queue, type, outcome, le`, `rate(${name}{${of}${more}}[$__rate_interval])`)})`;
const quantile = (share: number, name: string) => `histogram_quantile(${share}, ${rate('le', name)})`;

/** Rows of panels, in the order in which somebody looks who was woken up. */
export const rows: Readonly<Record<string, readonly Panel[]>> = {
  'Is anything wrong?': [
    {
      title: 'Alarms',
      unit: 'short',
      kind: 'stat',
      queries: { '': `sum(${once('code, target', 'twolane_alarm')}) or vector(0)` },
    },
    { title: 'Unaccounted jobs', unit: 'short', kind: 'stat', queries: { '': 'max(twolane_jobs_unaccounted)' } },
    {
      title: 'Late consumers',
      unit: 'short',
      kind: 'stat',
      queries: { '': `sum(${once('lane, queue', 'twolane_consumers_late')})` },
    },
    {
      title: 'Paused queues',
      unit: 'short',
      kind: 'stat',
      queries: { '': `sum(${once('lane, queue', 'twolane_queue_paused')})` },
    },
    {
      title: 'Dead jobs',
      unit: 'short',
      kind: 'stat',
      queries: { '': `sum(${once('lane, queue', `twolane_queue_jobs{state="dead",${of}}`)})` },
    },
  ],
  'Do jobs get through?': [
    {
      title: 'Enqueued and finished',
      unit: 'ops',
      queries: {
        enqueued: `sum(${once('lane, queue', `twolane_queue_enqueued_per_second{${of}}`)})`,
        finished: `sum(${once('lane, queue', `twolane_queue_finished_per_second{${of}}`)})`,
        failed: `sum(${once('lane, queue', `twolane_queue_failed_per_second{${of}}`)})`,
      },
    },
    {
      title: 'Jobs by state',
      unit: 'short',
      queries: { '{{state}}': `sum by (state) (${once('lane, queue, state', `twolane_queue_jobs{${of}}`)})` },
    },
    {
      title: 'Oldest job that could run',
      unit: 's',
      queries: { '{{lane}}/{{queue}}': once('lane, queue', `twolane_queue_oldest_seconds{${of}}`) },
    },
    {
      title: 'Time to empty',
      unit: 's',
      queries: { '{{lane}}/{{queue}}': once('lane, queue', `twolane_queue_backlog_seconds{${of}}`) },
    },
  ],
  'How do they fare?': [
    {
      title: 'Wait',
      unit: 's',
      queries: {
        p50: quantile(0.5, 'twolane_job_wait_seconds_bucket'),
        p95: quantile(0.95, 'twolane_job_wait_seconds_bucket'),
        p99: quantile(0.99, 'twolane_job_wait_seconds_bucket'),
      },
    },
    {
      title: 'Run',
      unit: 's',
      queries: {
        p50: quantile(0.5, 'twolane_job_run_seconds_bucket'),
        p95: quantile(0.95, 'twolane_job_run_seconds_bucket'),
        p99: quantile(0.99, 'twolane_job_run_seconds_bucket'),
      },
    },
    {
      title: 'Attempts by outcome',
      unit: 'ops',
      queries: { '{{outcome}}': rate('outcome', 'twolane_job_attempts_total') },
    },
    {
      title: 'Budget burn',
      unit: 'short',
      queries: { '{{type}}': once('type', `twolane_budget_burn{window="1h",${of}}`) },
    },
    {
      title: 'Busy seconds per second',
      unit: 'short',
      queries: { '{{type}}': rate('type', 'twolane_job_run_seconds_sum') },
    },
  ],
  'Is the machinery well?': [
    {
      title: 'Dispatch lag',
      unit: 's',
      queries: { '{{lane}}/{{queue}}': once('lane, queue', `twolane_dispatch_lag_seconds{${of}}`) },
    },
    {
      title: 'Silence of consumers',
      unit: 's',
      queries: { '{{lane}}/{{queue}}': once('lane, queue', `twolane_consumer_silent_seconds{${of}}`) },
    },
    {
      title: 'Redeliveries',
      unit: 'ops',
      queries: { '{{lane}}/{{queue}}': rate('lane, queue', 'twolane_job_redeliveries_total') },
    },
    {
      title: 'In the brokers',
      unit: 'short',
      queries: {
        'ready {{lane}}': `sum by (lane) (${once('lane, queue', `twolane_broker_ready{${of}}`)})`,
        'unacked {{lane}}': `sum by (lane) (${once('lane, queue', `twolane_broker_unacked{${of}}`)})`,
      },
    },
    {
      title: 'Slots',
      unit: 'short',
      queries: {
        slots: `sum(${once('lane, queue', `twolane_queue_concurrency{${of}}`)})`,
        running: `sum(${once('lane, queue', `twolane_queue_jobs{state="running",${of}}`)})`,
      },
    },
    { title: 'Repairs', unit: 'short', queries: { '{{kind}}': once('kind', 'twolane_jobs_repaired') } },
  ],
  'API and processes': [
    {
      title: 'Requests',
      unit: 'ops',
      queries: { '{{status}}': 'sum by (status) (rate(twolane_http_request_seconds_count[$__rate_interval]))' },
    },
    {
      title: 'Request p99',
      unit: 's',
      queries: {
        '{{route}}':
          'histogram_quantile(0.99, sum by (le, route) (rate(twolane_http_request_seconds_bucket[$__rate_interval])))',
      },
    },
    {
      title: 'Event loop p99',
      unit: 's',
      queries: { '{{instance}}': 'max by (instance) (nodejs_eventloop_lag_p99_seconds)' },
    },
    {
      title: 'Memory',
      unit: 'bytes',
      queries: { '{{instance}}': 'max by (instance) (process_resident_memory_bytes)' },
    },
    { title: 'History in the ledger', unit: 'bytes', queries: { bytes: 'max(twolane_history_bytes)' } },
  ],
};
