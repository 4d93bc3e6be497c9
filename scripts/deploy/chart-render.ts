/** Values and templates of the chart, as Helm would put them together. */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { deploy, filesIn, textOf } from './files.ts';

type Values = Record<string, unknown>;

/** Names of the example values. The chart's own values alone lack a secret, so each check is of an example. */
export function examples(): string[] {
  return filesIn('chart/examples', '.yaml').map((name) => basename(name, '.yaml'));
}

export function chartValues(example: string): Values {
  return merged(parse(textOf('chart', 'values.yaml')), parse(textOf('chart', 'examples', `${example}.yaml`)));
}

/** As Helm does it: maps are merged, anything else is replaced, null removes. */
function merged(base: Values, over: Values): Values {
  const result = { ...base };
  for (const [name, value] of Object.entries(over)) {
    if (value === null) delete result[name];
    else if (isMap(value)) result[name] = merged(isMap(base[name]) ? base[name] : {}, value);
    else result[name] = value;
  }
  return result;
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of each file of the chart, or what the template engine says is wrong. */
export function render(values: Values): Record<string, string> | string {
  const chart = parse(textOf('chart', 'Chart.yaml'));
  const context = {
    Values: values,
    Chart: { Name: chart.name, Version: chart.version, AppVersion: chart.appVersion },
    Release: { Name: 'shop', Namespace: 'jobs', Service: 'Helm' },
  };
  const names = ['.yaml', '.tpl', '.txt'].flatMap((ending) => filesIn('chart/templates', ending));
  const templates = Object.fromEntries(names.map((name) => [name, textOf('chart', 'templates', name)]));
  const program = join(deploy, 'check', 'render', 'main.go');
  const { status, stdout, stderr, error } = spawnSync('go', ['run', program], {
    input: JSON.stringify({ templates, context }),
    env: { ...process.env, GO111MODULE: 'off', GOPATH: '/usr/share/gocode' },
    encoding: 'utf8',
  });
  if (error) return 'Go is missing: apt-get install golang-go golang-github-masterminds-sprig-dev';
  return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : stderr.trim();
}
