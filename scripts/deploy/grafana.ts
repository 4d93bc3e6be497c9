/** `npm run deploy:grafana`: writes deploy/grafana/twolane.json, a dashboard for Grafana 10 and newer, from the rows of grafana-panels.ts. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Panel, rows } from './grafana-panels.ts';

export const grafanaFile = fileURLToPath(new URL('../../deploy/grafana/twolane.json', import.meta.url));

const panelHeight = 8;
const statHeight = 4;
const datasource = { type: 'prometheus', uid: '$datasource' };

/** The dashboard as Grafana imports it. */
export function grafanaDashboard(): object {
  let y = 0;
  let id = 0;
  const panels = Object.entries(rows).flatMap(([title, row]) => {
    const height = row.every(({ kind }) => kind === 'stat') ? statHeight : panelHeight;
    const width = Math.floor(24 / Math.min(row.length, 5));
    const heading = { id: ++id, type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: 24, h: 1 }, panels: [] };
    const drawn = row.map((panel, at) => {
      const gridPos = { x: (at % 5) * width, y: y + 1 + Math.floor(at / 5) * height, w: width, h: height };
      return drawPanel(panel, ++id, gridPos);
    });
    y += 1 + Math.ceil(row.length / 5) * height;
    return [heading, ...drawn];
  });
  return {
    uid: 'twolane',
    title: 'Twolane',
    tags: ['twolane'],
    schemaVersion: 39,
    editable: true,
    refresh: '10s',
    time: { from: 'now-1h', to: 'now' },
    templating: { list: [source, variable('lane'), variable('queue', '{lane=~"$lane"}')] },
    panels,
  };
}

const source = { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' };

function variable(name: string, filter = '') {
  const query = `label_values(twolane_queue_jobs${filter}, ${name})`;
  const choice = { includeAll: true, multi: true, allValue: '.*', current: { text: 'All', value: '$__all' } };
  return { name, type: 'query', datasource, query: { query, refId: name }, refresh: 2, sort: 1, ...choice };
}

function drawPanel({ title, unit, queries, kind = 'timeseries' }: Panel, id: number, gridPos: object) {
  const targets = Object.entries(queries).map(([legendFormat, expr], at) => ({
    ...{ refId: String.fromCharCode(65 + at), datasource, expr, legendFormat: legendFormat || title },
  }));
  return {
    id,
    type: kind,
    title,
    gridPos,
    datasource,
    targets,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeFileSync(grafanaFile, `${JSON.stringify(grafanaDashboard(), null, 2)}\n`);
