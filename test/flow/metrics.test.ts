/** What Prometheus, Grafana and an autoscaler are told, checked with promtool. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grafanaDashboard, grafanaFile } from '../../scripts/deploy/grafana.ts';
import { rows } from '../../scripts/deploy/grafana-panels.ts';
import { alarmCodes } from '../../src/contract/index.ts';
import { overrides } from '../support/api-app.ts';
import { apiKey, startTestApp, type TestApp } from '../support/app.ts';
import { caller } from '../support/http.ts';
import { until } from '../support/stack.ts';

const folder = fileURLToPath(new URL('../../deploy/prometheus/', import.meta.url));
let app: TestApp;
let text = '';

beforeAll(async () => {
  app = await startTestApp({ settings: { TWOLANE_PRODUCT: 'none' }, overrides });
  const { catalog } = overrides;
  await app.twolane.enqueueMany(
    Array.from({ length: 20 }, (_, n) => ({ job: n < 15 ? catalog.resize : catalog.explode, payload: { width: 1 } })),
  );
  await until('every attempt is counted', async () => {
    text = (await caller(app.url)('GET', '/metrics', { token: apiKey })).text;
    return (
      value('twolane_job_run_seconds_count', 'resize') === 15 && value('twolane_job_run_seconds_count', 'explode') === 5
    );
  });
});

afterAll(() => app?.stop());

/** The value of the one series of a job type. */
function value(name: string, type: string, more = ''): number | undefined {
  const [found, ...others] = text.split('\n').filter((line) => {
    return line.startsWith(`${name}{`) && line.includes(`type="${type}"`) && line.includes(more);
  });
  expect(others).toEqual([]);
  return found === undefined ? undefined : Number(found.slice(found.lastIndexOf(' ')));
}

function promtool(args: readonly string[], input?: string) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, input, encoding: 'utf8' });
  return { status, said: `${stdout}${stderr}` };
}

describe('the metrics', () => {
  it('count attempts by outcome, waits and runs, over all workers', () => {
    expect(value('twolane_job_attempts_total', 'resize', 'outcome="succeeded"')).toBe(15);
    expect(value('twolane_job_attempts_total', 'explode', 'outcome="dead"')).toBe(5);
    expect(value('twolane_job_attempts_total', 'explode', 'outcome="retry"')).toBe(0);
    expect(value('twolane_job_wait_seconds_bucket', 'resize', 'le="+Inf"')).toBe(15);
    expect(value('twolane_job_wait_seconds_sum', 'resize')).toBeGreaterThan(0);
    const place = '\\{le="1",lane="bulk",queue="image",type="resize"\\}';
    expect(text).toMatch(new RegExp(`^twolane_job_wait_seconds_bucket${place} \\d+$`, 'm'));
    const buckets = text.matchAll(/^twolane_job_run_seconds_bucket\{.*type="resize".* (\d+)$/gm);
    const counts = [...buckets].map(([, count]) => Number(count));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(text).toMatch(/^twolane_dispatch_lag_seconds\{lane="bulk",queue="image"\} 0/m);
    expect(text).toMatch(/^twolane_queue_backlog_seconds\{lane="bulk",queue="image"\} 0/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
    for (const name of ['database_bytes', 'database_wal_bytes', 'files_free_bytes', 'broker_disk_bytes{lane="bulk"}'])
      expect(Number(text.split(`\ntwolane_${name} `)[1]?.split('\n', 1)[0]), name).toBeGreaterThan(0);
    for (const lane of ['realtime', 'bulk']) expect(text).toContain(`twolane_broker_up{lane="${lane}"} 1\n`);
  });

  it('are kept per job type too, for those who look back', async () => {
    const { database, operations } = app.twolane;
    const stretch = { from: new Date(Date.now() - 600_000), to: new Date(), stepMs: 600_000 };
    const count = (values: readonly number[]) => values.reduce((sum, n) => sum + n, 0);
    const of = async (type: string, more = {}) =>
      (await operations.measurements({ ...stretch, type, ...more })).reduce(
        (sum, { starts, succeeded, failed, runs }) =>
          sum.map((n, at) => n + ([starts, succeeded, failed, count(runs)][at] ?? 0)),
        [0, 0, 0, 0],
      );
    await database.query('select twolane.measure()');
    expect([await of('resize'), await of('explode')]).toEqual([
      [15, 15, 0, 15],
      [5, 0, 5, 5],
    ]);
    expect(await of('resize', { lane: 'realtime' })).toEqual([0, 0, 0, 0]);
    await database.query('select twolane.measure_long()');
    const { rows } = await database.query(
      'select sum(succeeded)::int as n from twolane.type_measurements where step = 1800',
    );
    expect(rows).toEqual([{ n: 15 }]);
  });

  it('follow the conventions', () => {
    expect(promtool(['check', 'metrics'], text)).toEqual({ status: 0, said: '' });
    expect(promtool(['check', 'metrics'], '# TYPE bad counter\nbad 1\n').status).not.toBe(0);
  });

  it('of a process alone leave the ledger out', async () => {
    const server = express().use(app.twolane.metrics('process')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const own = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`)).text();
    server.close();
    expect(own).toMatch(/^process_resident_memory_bytes /m);
    expect(own).not.toMatch(/^twolane_queue/m);
  });

  it('tell an autoscaler how long the workers need for what waits', async () => {
    await app.twolane.operations.pause('bulk/image');
    await app.twolane.enqueueMany(
      Array.from({ length: 30 }, () => ({ job: overrides.catalog.resize, payload: { width: 1 } })),
    );
    const { json } = await caller(app.url)('GET', '/v1/queues', { token: apiKey });
    const queue = json.items.find((one: { queue: string }) => one.queue === 'image');
    expect(queue).toMatchObject({ paused: true, counts: { waiting: 30 } });
    expect(queue.backlogMs).toBeGreaterThan(0);
  });
});

describe('the alert rules', () => {
  const rules = readFileSync(`${folder}alerts.yaml`, 'utf8');

  it('are valid, fire when they should and not before', () => {
    expect(promtool(['check', 'rules', 'alerts.yaml']).said).toMatch(/SUCCESS: \d\d rules found/);
    expect(promtool(['test', 'rules', 'alerts.test.yaml'])).toMatchObject({ status: 0 });
  });

  it('each lead to a section of the runbook', () => {
    const runbook = readFileSync(fileURLToPath(new URL('../../docs/runbook.md', import.meta.url)), 'utf8');
    const sections = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title]) => title?.replaceAll('`', ''));
    const named = [...rules.matchAll(/runbook: (\w.*)$/gm)].map(([, title]) => title);
    expect(named.length).toBeGreaterThan(8);
    for (const title of [...named, ...alarmCodes]) expect(sections).toContain(title);
  });

  it('and the panels of Grafana ask for nothing that is not there', () => {
    const known = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
    const queries = Object.values(rows)
      .flat()
      .flatMap((panel) => Object.values(panel.queries));
    const asked = [rules, ...queries].join('\n').matchAll(/\b(?:twolane|nodejs|process)_\w+/g);
    const base = [...asked].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));
    expect(base.length).toBeGreaterThan(30);
    expect(base.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('the dashboard of Grafana', () => {
  it('is what `npm run deploy:grafana` writes', () => {
    expect(JSON.parse(readFileSync(grafanaFile, 'utf8'))).toEqual(JSON.parse(JSON.stringify(grafanaDashboard())));
  });

  it('has queries that Prometheus understands', async () => {
    const queries = Object.values(rows)
      .flat()
      .flatMap((panel) => Object.values(panel.queries));
    const filled = queries.map((query) =>
      query.replaceAll('$__rate_interval', '5m').replaceAll(/\$(lane|queue)/g, '.*'),
    );
    const records = filled.map((expr, at) => ({ record: `panel:${at}`, expr }));
    const asRules = JSON.stringify({ groups: [{ name: 'panels', rules: records }] });
    const file = join(await mkdtemp(join(tmpdir(), 'twolane-grafana-')), 'rules.json');
    await writeFile(file, asRules);
    expect(promtool(['check', 'rules', file]).said).toMatch(`SUCCESS: ${queries.length} rules found`);
    await rm(dirname(file), { recursive: true });
  });
});
