/**
 * Writes docs/conformance.md, behaviour by lane, from a run of the whole conformance project. A run of some files, or one
 * that skipped tests, writes nothing: the page always tells of a complete run.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import type { LaneName } from '../../src/contract/index.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What a fault test measured, by lane, milliseconds. */
    tookMs?: Partial<Record<LaneName, number>>;
  }
}

const page = 'docs/conformance.md';
const columns = ['memory', 'real-time', 'bulk'] as const;
type Column = (typeof columns)[number];

/** By the words in the name of the block that a test stands in. */
const columnOf: readonly [RegExp, Column | undefined][] = [
  [/quorum/, undefined],
  [/\bmemory\b/, 'memory'],
  [/\breal-?time\b/i, 'real-time'],
  [/\bbulk\b/, 'bulk'],
];

type Row = Partial<Record<Column, boolean>>;

export default class ConformanceReport implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const conformance = modules.filter((module) => module.project.name === 'conformance');
    const ran = new Set(conformance.map((module) => basename(module.moduleId)));
    const all = readdirSync('test/conformance').filter((file) => file.endsWith('.test.ts'));
    if (!all.every((file) => ran.has(file))) return;
    const tests = conformance.flatMap((module) => [...module.children.allTests()]);
    if (tests.some((test) => !['passed', 'failed'].includes(test.result().state))) return;
    const sections = conformance.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId)).map(section);
    const faults = modules.filter((module) => module.project.name === 'faults').flatMap(measured);
    writeFileSync(page, [head, ...sections.filter((text) => text !== ''), faultSection(faults)].join('\n'));
  }
}

const head = `# Conformance

What a job type is promised, and on which lanes a test shows it. This page is written by \`npm run test:conformance\`
(and by \`npm test\`): ✓ passed, ✗ failed, – not asked of that lane. The sentences are the names of the tests in
\`test/conformance/\`, which run against PostgreSQL, RabbitMQ and Redis. The end tells what fault tests measured.
`;

const faultTitle = '## When a worker process is lost';
const faultHead = `${faultTitle}

What \`test/faults/workers.test.ts\` measured with real processes, a SIGKILL and a SIGSTOP, until the last of their jobs ran
elsewhere; no effect in PostgreSQL or the file store was lost or doubled. A busy machine is given 1.5 s more. Not asked of the
memory lane: it lives inside the process and ends with it. Its workers are killed and frozen at each step of a job by the
test kit (\`test/unit/testing/crash-points.test.ts\`).
`;

function section(module: TestModule): string {
  const rows = new Map<string, Row>();
  for (const test of module.children.allTests()) {
    const column = columnIn(test);
    if (!column) continue;
    const row = rows.get(test.name) ?? {};
    row[column] = (row[column] ?? true) && test.result().state === 'passed';
    rows.set(test.name, row);
  }
  if (rows.size === 0) return '';
  const lines = [...rows].map(([name, row]) => line(name, (column) => mark(row[column])));
  return [`## ${titleOf(module.moduleId)}\n`, ...header, ...lines, ''].join('\n');
}

const header = [`| Behaviour | ${columns.join(' | ')} |`, `| --- |${' --- |'.repeat(columns.length)}`];

function line(name: string, inColumn: (column: Column) => string): string {
  return `| ${cell(name)} | ${columns.map(inColumn).join(' | ')} |`;
}

/** The tests of a module that measured something, and passed or failed. */
function measured(module: TestModule): TestCase[] {
  return [...module.children.allTests()].filter((test) => test.meta().tookMs !== undefined);
}

/** A run without fault tests keeps what the one before has measured. */
function faultSection(tests: readonly TestCase[]): string {
  if (tests.length === 0) {
    const before = existsSync(page) ? readFileSync(page, 'utf8') : '';
    return before.includes(faultTitle) ? before.slice(before.indexOf(faultTitle)) : '';
  }
  const lines = [...new Set(tests.map(({ name }) => name))].map((name) => {
    const same = tests.filter((test) => test.name === name);
    const took = (lane: LaneName) => same.find((test) => test.meta().tookMs?.[lane] !== undefined);
    const timed = (lane: LaneName) => {
      const test = took(lane);
      if (!test) return mark(undefined);
      return `${mark(test.result().state === 'passed')} ${((test.meta().tookMs?.[lane] ?? 0) / 1_000).toFixed(1)} s`;
    };
    const cells = { memory: mark(undefined), 'real-time': timed('realtime'), bulk: timed('bulk') };
    return line(name, (column) => cells[column]);
  });
  return [faultHead, ...header, ...lines, ''].join('\n');
}

function columnIn(test: TestCase): Column | undefined {
  return test.parent.type === 'suite' ? columnNamed(test.parent.name) : undefined;
}

function columnNamed(block: string): Column | undefined {
  return columnOf.find(([words]) => words.test(block))?.[1];
}

function mark(passed: boolean | undefined): string {
  if (passed === undefined) return '–';
  return passed ? '✓' : '✗';
}

/** The sentence that the file opens with. */
function titleOf(file: string): string {
  const [, comment = ''] = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8')) ?? [];
  const text = comment
    .replaceAll(/\n\s*\*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return text.split(/(?<=\.) /)[0]?.replace(/\.$/, '') ?? basename(file);
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
