/** `npm run docs:configuration`: writes docs/configuration.md from the settings in src/settings.ts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { settings } from '../src/settings.ts';
import { repository } from './run/folder.ts';

/** One setting as zod's JSON Schema describes it. */
interface Setting {
  description?: string;
  default?: string | number;
  type?: string;
  enum?: readonly string[];
  format?: string;
  pattern?: string;
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  minLength?: number;
}

/** Where the page is written. */
export const configurationFile = join(repository, 'docs', 'configuration.md');

const head = `# Configuration

<!-- Written by \`npm run docs:configuration\` from src/settings.ts: change a setting there, then run it again. -->

Twolane is configured by environment variables, read once when a process starts and by \`src/config.ts\` alone. A value
that does not fit stops the start with a message that names every setting at fault. Empty values count as unset.

\`npm start\` fills in the servers, the first credentials and the folder of the files, so it needs none of these. A
process that you start yourself needs those marked **required**, the same ones as every other process of the installation.
`;

const scriptsHead = `## What the scripts read

These concern \`npm start\`, \`npm test\` and \`npm run stack\` only.
`;

const scripts = [
  [
    '`TWOLANE_INSTALL`',
    'ask on a terminal, else `yes`',
    '`yes` installs missing servers and ffmpeg with Debian packages or Homebrew, `no` says what is missing.',
  ],
  [
    '`UV_THREADPOOL_SIZE`',
    '`16`',
    "Threads of Node's pool in the process that `npm start` runs; Node's own default is 4.",
  ],
];

const tail = `A server whose URL is set is used as it is; \`npm start\` starts a private one for each of \`DATABASE_URL\`, \`REDIS_URL\` and
\`AMQP_URL\` that is unset.
`;

/** The whole page as Markdown. Deterministic, so that a test can tell whether the file is up to date. */
export function configurationDoc(): string {
  const { properties = {} } = z.toJSONSchema(settings, { io: 'input' });
  const rows = Object.entries(properties).map(([name, setting]) => cellsOf(name, setting as Setting));
  return [
    head,
    table(['Variable', 'Default', 'Values', 'What it does'], rows),
    scriptsHead,
    table(['Variable', 'Default', 'What it does'], scripts),
    tail,
  ].join('\n');
}

function cellsOf(name: string, setting: Setting): string[] {
  return [`\`${name}\``, defaultOf(name, setting), valuesOf(setting), setting.description ?? ''];
}

/** A Markdown table with aligned columns, as the formatter wants it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return `${[line(head), rule, ...rows.map(line)].join('\n')}\n`;
}

function defaultOf(name: string, setting: Setting): string {
  if (setting.default !== undefined) return `\`${setting.default}\``;
  return settings.shape[name as keyof typeof settings.shape].safeParse(undefined).success ? 'unset' : '**required**';
}

function valuesOf({
  enum: choices,
  format,
  pattern,
  type,
  minimum,
  exclusiveMinimum,
  maximum,
  minLength,
}: Setting): string {
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (format === 'uri') return 'URL';
  if (pattern) return `text, \`${pattern}\``;
  if (type === 'string') return minLength === undefined ? 'text' : `text of ${minLength} or more characters`;
  const least = minimum ?? (exclusiveMinimum === undefined ? undefined : exclusiveMinimum + 1);
  const unbounded = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
  return unbounded ? `whole number from ${least}` : `whole number, ${least} to ${maximum}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(configurationFile, configurationDoc());
