/** The benchmark without running it: its aims speak of what it measures, and the report in the documentation is that of one run. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Aim, aims, type Figure, judge } from '../../bench/aims.ts';
import { costs } from '../../bench/costs.ts';
import { parseStat, treeOf } from '../../bench/machine/processes.ts';
import { parts, partsOf } from '../../bench/parts.ts';
import { chartOf } from '../../bench/report/chart.ts';
import { fromJson, toJson } from '../../bench/report/json.ts';
import { markdownOf } from '../../bench/report/table.ts';

const scenarios = Object.values(parts).flatMap((part) => part.scenarios(1));
const keysOf = new Map(scenarios.map(({ name, keys }) => [name, keys]));
const isMeasured = ([name, key]: Figure) => keysOf.get(name)?.includes(key) ?? false;
const docs = join(import.meta.dirname, '../../docs');
const report = (kind: string) => readFileSync(join(docs, `benchmark.${kind}`), 'utf8');

describe('The benchmark', () => {
  it('has a name for each scenario, and aims and costs that are measured', () => {
    expect(keysOf.size).toBe(scenarios.length);
    const figures = [...aims, ...costs].flatMap((one) =>
      'plain' in one ? [one.of, one.plain] : [one.of, one.to ?? one.of],
    );
    expect(figures.length).toBeGreaterThan(60);
    expect(figures.filter((figure) => !isMeasured(figure))).toEqual([]);
  });

  it('states each aim once, as a least or a most', () => {
    const texts = aims.map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
    expect(aims.filter(({ least, most }) => (least === undefined) === (most === undefined))).toEqual([]);
  });

  it('runs parts by name in its own order, all when none is named', () => {
    expect(partsOf(['media', 'peers'])).toEqual(['peers', 'media']);
    expect(partsOf([])).toEqual(Object.keys(parts));
    expect(() => partsOf(['peer'])).toThrow(/no part peer; there are peers/);
  });

  it('judges ratios, says by how much an aim is missed, and leaves out what did not run', () => {
    const rate = (name: string, value: number) => [name, [{ key: 'rate', value, unit: 'jobs/s' as const }]] as const;
    const results = new Map([rate('ours', 100), rate('theirs', 250)]);
    const aim = (rest: Partial<Aim>): Aim => ({ text: 'one', of: ['ours', 'rate'], ...rest });
    const [ratio, bound, most] = judge(results, [
      aim({ to: ['theirs', 'rate'], least: 0.5 }),
      aim({ least: 80 }),
      aim({ most: 50 }),
      aim({ of: ['absent', 'rate'], least: 1 }),
    ]);
    expect(ratio).toMatchObject({ measured: '40 %', met: false, missedBy: expect.closeTo(20) });
    expect(bound).toMatchObject({ measured: '100', met: true, missedBy: 0 });
    expect(most).toMatchObject({ met: false, missedBy: expect.closeTo(100) });
    expect(judge(results, [aim({ of: ['absent', 'rate'], least: 1 })])).toEqual([]);
  });

  it('counts the CPU of a process with that of its ended children, and finds all below it', () => {
    const line = (pid: number, parent: number) =>
      `${pid} (a (b) c) S ${parent} 1 1 0 -1 4194560 1 2 3 4 100 50 20 10 20 0 1 0 5 1000 7 18446744073709551615`;
    expect(parseStat(line(20, 10))).toEqual({ pid: 20, parent: 10, cpuMs: 1_800, residentBytes: 7 * 4_096 });
    const all = [line(30, 40), line(20, 10), line(40, 20), line(50, 1)].map(parseStat);
    expect(treeOf([10, 20], all).map(({ pid }) => pid)).toEqual([30, 20, 40]);
  });
});

describe('The report in the documentation', () => {
  it('is made from the JSON beside it, page and chart alike', () => {
    const run = fromJson(report('json'));
    expect(toJson(run)).toBe(report('json'));
    expect(report('md')).toBe(markdownOf(run, 'benchmark.svg'));
    expect(report('svg')).toBe(chartOf(run.results));
    expect(report('svg').length).toBeLessThan(12_000);
  });

  it('tells of scenarios that there are', () => {
    const { results } = fromJson(report('json'));
    expect([...results.keys()].filter((name) => !keysOf.has(name))).toEqual([]);
    expect(existsSync(join(docs, 'performance.md'))).toBe(true);
  });
});
