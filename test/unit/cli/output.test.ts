/** What the command line prints: tables that fit, progress, times. */
import { describe, expect, test } from 'vitest';
import { progressOn } from '../../../src/cli/output/progress.ts';
import { type Column, factsOf, tableOf } from '../../../src/cli/output/table.ts';
import { ago, duration, milliseconds, timeBefore } from '../../../src/cli/output/time.ts';
import { widthOf } from '../../../src/cli/output/width.ts';
import { testTerminal } from '../../support/terminal.ts';

interface Row {
  id: string;
  note: string | null;
  jobs: number;
}

const columns: readonly Column<Row>[] = [
  { title: 'ID', of: ({ id }) => id, style: (text, { good }) => good(text) },
  { title: 'JOBS', of: ({ jobs }) => jobs, right: true, spare: 1 },
  { title: 'NOTE', of: ({ note }) => note, least: 6 },
];
const rows: Row[] = [
  { id: '1', note: 'a note that is rather long', jobs: 7 },
  { id: '1000', note: null, jobs: 12_345 },
];

describe('Tables', () => {
  test('are aligned, numbers at the right, and show what is missing', () => {
    expect(tableOf(rows, columns, testTerminal())).toBe(
      ['ID     JOBS  NOTE', '1         7  a note that is rather long', '1000  12345  -', ''].join('\n'),
    );
  });

  test('cut what may be cut, and only then leave columns out', () => {
    const at = (width: number) =>
      tableOf(rows, columns, testTerminal({ columns: width }))
        .split('\n')
        .slice(0, 2);
    expect(at(24)).toEqual(['ID     JOBS  NOTE', '1         7  a note tha…']);
    expect(at(15)).toEqual(['ID    NOTE', '1     a note t…']);
    for (const width of [12, 15, 20, 30, 80])
      for (const line of at(width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
  });

  test('data can not steer the terminal, and wide letters keep the columns', () => {
    const odd = [
      { id: '鳥', note: 'two\nlines\u001b[31m', jobs: 1 },
      { id: 'ab', note: 'x', jobs: 2 },
    ];
    const [, first = '', second = ''] = tableOf(odd, columns, testTerminal()).split('\n');
    expect(first).toBe('鳥     1  two lines [31m');
    expect(widthOf(first.slice(0, first.indexOf('two')))).toBe(second.indexOf('x'));
  });

  test('colours do not count as width', () => {
    const plain = tableOf(rows, columns, testTerminal());
    const coloured = tableOf(rows, columns, testTerminal({ colour: true }));
    expect(coloured).toContain('\u001b[32m1\u001b[39m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });

  test('facts leave out what there is none of', () => {
    expect(factsOf({ State: 'dead', Key: null, Attempts: 3 }, testTerminal())).toBe('State     dead\nAttempts  3\n');
  });
});

describe('Progress', () => {
  test('is drawn on a terminal alone, and taken away at the end', () => {
    const quiet = testTerminal();
    progressOn(quiet).show(0.5, 'half');
    expect(quiet.stderr).toBe('');
    const live = testTerminal({ live: true, columns: 60 });
    const bar = progressOn(live);
    bar.show(0.5, 'half');
    bar.show(0.5, 'half');
    bar.end();
    expect(live.stderr).toBe(`\r\u001b[K${'█'.repeat(12)}${'░'.repeat(12)}  50 % half\r\u001b[K`);
    expect(live.stdout).toBe('');
  });
});

describe('Times', () => {
  test.each([
    [950, '950 ms'],
    [61_000, '1 min'],
    [3 * 86_400_000, '3 d'],
  ])('%i ms are said as %s', (ms, text) => expect(duration(ms)).toBe(text));

  test('lie behind or ahead', () => {
    const now = Date.parse('2026-07-01T12:00:00Z');
    expect(ago('2026-07-01T11:58:00Z', now)).toBe('2 min ago');
    expect(ago('2026-07-01T14:00:00Z', now)).toBe('in 2 h');
    expect(ago(null)).toBeNull();
  });

  test('are typed as durations', () => {
    expect(['500ms', '90s', '10m', '1.5h', '7d'].map(milliseconds)).toEqual([
      500, 90_000, 600_000, 5_400_000, 604_800_000,
    ]);
    expect(() => milliseconds('soon')).toThrow('such as');
    expect(Date.now() - Date.parse(timeBefore('2h'))).toBeCloseTo(7_200_000, -4);
    expect(timeBefore('2026-07-01')).toBe('2026-07-01T00:00:00.000Z');
  });
});
