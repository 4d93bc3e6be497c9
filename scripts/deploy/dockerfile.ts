/** The Dockerfile: its syntax, and what a linter can't know: that what it copies and starts is there after a build. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { repository } from '../run/folder.ts';
import { textOf } from './files.ts';

export async function dockerfileFindings(): Promise<string[]> {
  const text = textOf('Dockerfile');
  const syntax = validate(text).map(({ range, message }) => `Dockerfile:${range.start.line + 1}: ${message}`);
  return [...syntax, ...ruleFindings(text)];
}

function ruleFindings(text: string): string[] {
  const findings: string[] = [];
  const last = text.slice(text.lastIndexOf('\nFROM '));
  if (!/^USER (?!root)/m.test(last)) findings.push('Dockerfile: the last stage runs as root');
  if (!/^HEALTHCHECK/m.test(last)) findings.push('Dockerfile: no HEALTHCHECK');
  for (const [, image] of text.matchAll(/^FROM (\S+)/gm))
    if (!/:[^:]+$/.test(image as string) || image?.endsWith(':latest'))
      findings.push(`Dockerfile: ${image} has no tag`);
  const entry = /dist\/(\S+)\.js/.exec(last)?.[1];
  if (!entry || !existsSync(join(repository, `${entry}.ts`))) findings.push(`Dockerfile: no source of ${entry}.js`);
  return findings;
}
