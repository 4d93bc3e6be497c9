/**
 * The Helm chart: rendered with Helm's template engine for its default values and every example, the values checked against
 * the chart's schema, each object against the schema of its kind, and objects against each other.
 */
import { Ajv } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { chartValues, examples, render } from './chart-render.ts';
import { textOf } from './files.ts';
import { type KubernetesObject, kindFindings } from './kinds.ts';

export async function chartFindings(): Promise<string[]> {
  return examples().flatMap((example) => exampleFindings(example).map((finding) => `chart, ${example}: ${finding}`));
}

/** What the chart's own schema finds fault with in the values of an example; needs no Go. */
export function valueFindings(example: string): string[] {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  ajv.validate(JSON.parse(textOf('chart', 'values.schema.json')), chartValues(example));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `values${instancePath} ${message}`);
}

function exampleFindings(example: string): string[] {
  const values = chartValues(example);
  const schema = valueFindings(example);
  const rendered = render(values);
  if (typeof rendered === 'string') return [...schema, rendered];
  const objects = Object.entries(rendered).flatMap(([file, text]) => (file.endsWith('.yaml') ? parsed(text) : []));
  return [...schema, ...objects.flatMap(kindFindings), ...relationFindings(objects)];
}

function parsed(text: string): KubernetesObject[] {
  const documents = parseAllDocuments(text);
  for (const { errors } of documents) if (errors[0]) throw errors[0];
  return documents.map((document) => document.toJS() as KubernetesObject).filter(Boolean);
}

const nameOf = ({ kind, metadata }: KubernetesObject) => `${kind} ${metadata.name}`;

/** What no schema can say: names are unique, selectors select, probes exist, what is referred to is there. */
function relationFindings(objects: readonly KubernetesObject[]): string[] {
  const names = objects.map(nameOf);
  const twice = names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`);
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  return [
    ...twice,
    ...deployments.flatMap(deploymentFindings),
    ...objects.flatMap((each) => selectorFindings(each, deployments)),
  ];
}

function deploymentFindings(deployment: KubernetesObject): string[] {
  const { template, selector } = deployment.spec;
  const container = template.spec.containers[0];
  const missing = ['livenessProbe', 'readinessProbe', 'resources'].filter((part) => !container[part]);
  const mounted = new Set(template.spec.volumes.map((volume: { name: string }) => volume.name));
  return [
    ...missing.map((part) => `${nameOf(deployment)} has no ${part}`),
    ...(selects(selector.matchLabels, template.metadata.labels)
      ? []
      : [`${nameOf(deployment)} does not select its pods`]),
    ...container.volumeMounts
      .filter((mount: { name: string }) => !mounted.has(mount.name))
      .map((mount: { name: string }) => `${nameOf(deployment)} mounts ${mount.name}, which it does not have`),
  ];
}

/** Services and disruption budgets select the pods of one deployment, scalers name one. */
function selectorFindings(object: KubernetesObject, deployments: readonly KubernetesObject[]): string[] {
  const labels = object.kind === 'Service' ? object.spec.selector : object.spec?.selector?.matchLabels;
  const chosen = ['Service', 'PodDisruptionBudget'].includes(object.kind)
    ? deployments.filter(({ spec }) => selects(labels, spec.template.metadata.labels))
    : object.spec?.scaleTargetRef
      ? deployments.filter(({ metadata }) => metadata.name === object.spec.scaleTargetRef.name)
      : undefined;
  return chosen && chosen.length !== 1 ? [`${nameOf(object)} selects ${chosen.length} deployments`] : [];
}

function selects(labels: Record<string, string>, of: Record<string, string>): boolean {
  return Object.entries(labels).every(([name, value]) => of[name] === value);
}

/** The arguments with which the default chart starts each role. */
export function chartCommands(): { name: string; args: string[] }[] {
  const rendered = render(chartValues('trial'));
  if (typeof rendered === 'string') throw new Error(rendered);
  return Object.values(rendered)
    .flatMap((text) => parsed(text))
    .filter(({ kind }) => kind === 'Deployment')
    .map(({ metadata, spec }) => ({ name: `chart ${metadata.name}`, args: spec.template.spec.containers[0].args }));
}
