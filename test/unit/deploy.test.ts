/** The deployment files that can be checked without further tools, and that every command in them is one of ours. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { valueFindings } from '../../scripts/deploy/chart.ts';
import { examples } from '../../scripts/deploy/chart-render.ts';
import { composeCommands, composeFindings } from '../../scripts/deploy/compose.ts';
import { dockerfileFindings } from '../../scripts/deploy/dockerfile.ts';
import { filesIn, textOf } from '../../scripts/deploy/files.ts';
import { unitCommands } from '../../scripts/deploy/units.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { processTerminal } from '../../src/cli/terminal.ts';
import { settings } from '../../src/settings.ts';
import { repository, snippetsOf } from '../support/snippets.ts';

const page = 'docs/deploy.md';

describe('The deployment files', () => {
  it('have nothing that a linter finds fault with', async () => {
    expect(await dockerfileFindings()).toEqual([]);
    expect(await composeFindings()).toEqual([]);
    expect(examples().length).toBeGreaterThan(2);
    expect(examples().flatMap(valueFindings)).toEqual([]);
  });

  it.each([...composeCommands(), ...unitCommands()])(
    'start $name by a command that exists',
    ({ args: [name, ...rest] }) => {
      const command = buildProgram(processTerminal()).commands.find((each) => each.name() === name);
      expect(command?.parseOptions(rest)).toMatchObject({ operands: [], unknown: [] });
    },
  );

  it('set nothing that is not a setting', () => {
    const texts = [
      textOf('Dockerfile'),
      textOf('compose.all.yaml'),
      textOf('systemd', 'twolane.env.example'),
      ...filesIn('chart/examples', '.yaml').map((name) => textOf('chart', 'examples', name)),
    ];
    const named = texts.flatMap((text) =>
      [...text.matchAll(/\b(TWOLANE_[A-Z_]+|[A-Z]+_(?:URL|PORT))\b/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !((name as string) in settings.shape))).toEqual([]);
  });

  it(`are named as they are, with roles, units and settings that exist, by ${page}`, () => {
    const text = snippetsOf(page)
      .map(({ code }) => code)
      .join('\n');
    const files = [...text.matchAll(/\bdeploy\/[\w./-]+\w/g)].map(([path]) => path);
    expect(files.length).toBeGreaterThan(4);
    expect(files.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
    const variables = [...text.matchAll(/\b([A-Z]+(?:_[A-Z]+)+)=/g)].map(([, name = '']) => name);
    expect(variables.filter((name) => !(name in settings.shape))).toEqual([]);
    const [, role] = /^docker run .* twolane (\w+)$/m.exec(text) ?? [];
    expect(buildProgram(processTerminal()).commands.map((each) => each.name())).toContain(role);
    const [, units = ''] = /^systemctl enable --now (.*)$/m.exec(text) ?? [];
    const there = readdirSync(join(repository, 'deploy/systemd'));
    for (const unit of units.split(' ')) {
      const name = unit.replace(/@.*/, '@');
      expect(
        there.some((file) => file.startsWith(name.includes('.') ? name : `${name}.`)),
        unit,
      ).toBe(true);
    }
  });

  it('scale by a field that the API answers, and trace by a value that exists, in docs/observability.md', () => {
    const blocks = snippetsOf('docs/observability.md');
    const [trigger] = blocks.filter(({ language }) => language === 'yaml').map(({ code }) => parse(code).triggers[0]);
    const [, field] = /^items\.#\(queue=="\w+"\)\.(\w+)$/.exec(trigger.metadata.valueLocation) ?? [];
    const [, queue = ''] =
      /^### Queue\n([\s\S]*?)^###/m.exec(readFileSync(join(repository, 'docs/api.md'), 'utf8')) ?? [];
    expect(queue).toContain(`  ${field}: `);
    const calls = blocks.filter(({ language }) => language === 'sh').map(({ code }) => code);
    const [, value] = /TWOLANE_TRACES=(\w+)/.exec(calls.join('')) ?? [];
    expect(settings.shape.TWOLANE_TRACES.safeParse(value).success).toBe(true);
  });
});
