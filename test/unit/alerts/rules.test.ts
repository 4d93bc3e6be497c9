/** What counts as wrong: each kind at its threshold and just below, rules of one target before those of all. */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { judge, rulesInForce, type Sight } from '../../../src/alerts/rules.ts';
import {
  type AlertRule,
  alertKindNames,
  alertKinds,
  chapterId,
  type QueueStatus,
} from '../../../src/contract/index.ts';

const queue = {
  lane: 'bulk',
  queue: 'video',
  paused: false,
  oldestMs: null,
  budgetMs: 1_000,
  burn1m: null,
  burn1h: null,
};
const sight = (parts: Partial<Sight> & { queue?: Partial<QueueStatus> }): Sight => ({
  queues: [{ ...queue, ...parts.queue } as QueueStatus],
  alarms: [],
  recent: [],
  schedules: [],
  ...parts,
});
const recent = (ended: number, failed: number, dead = 0) => [{ queue: 'bulk/video' as const, ended, failed, dead }];
const kinds = (seen: Sight, written: AlertRule[] = []) => judge(seen, rulesInForce(written)).map(({ kind }) => kind);

describe('the rules of the release', () => {
  test.each([
    ['oldest_age', sight({ queue: { oldestMs: 2_000 } }), sight({ queue: { oldestMs: 1_999 } })],
    ['budget_burn', sight({ queue: { burn1m: 9, burn1h: 2 } }), sight({ queue: { burn1m: 9, burn1h: 1.9 } })],
    ['failure_rate', sight({ recent: recent(20, 4) }), sight({ recent: recent(19, 19) })],
    ['dead_growth', sight({ recent: recent(0, 0, 20) }), sight({ recent: recent(0, 0, 19) })],
    [
      'schedule_missed',
      sight({ schedules: [{ name: 'n', lateS: 60 }] }),
      sight({ schedules: [{ name: 'n', lateS: 59 }] }),
    ],
  ])('%s', (kind, wrong, well) => {
    expect(kinds(wrong)).toEqual([kind]);
    expect(kinds(well)).toEqual([]);
  });

  test('leave a paused queue alone, and take over what the platform alarms of', () => {
    expect(kinds(sight({ queue: { oldestMs: 9_000, paused: true } }))).toEqual([]);
    const alarm = { code: 'no_worker', target: 'bulk/video', message: '', since: '', jobs: null } as const;
    expect(kinds(sight({ alarms: [alarm, { ...alarm, code: 'ledger_full' }] }))).toEqual([
      'no_consumers',
      'ledger_full',
    ]);
  });

  test('each have a chapter in the runbook', () => {
    const runbook = readFileSync(new URL('../../../docs/runbook.md', import.meta.url), 'utf8');
    const chapters = [...runbook.matchAll(/^## (.*)$/gm)].map(([, title]) => chapterId(title ?? ''));
    for (const kind of alertKindNames) expect(chapters).toContain(chapterId(alertKinds[kind].runbook));
  });
});

describe('a written rule', () => {
  const rule = { kind: 'oldest_age', forS: 0, enabled: true, updatedBy: 'ana' } as const;
  const old = sight({ queue: { oldestMs: 5_000 } });

  test('stands in for that of the release; one of a target goes before one of all', () => {
    expect(kinds(old, [{ ...rule, target: null, threshold: 6 }])).toEqual([]);
    const own = { ...rule, target: 'bulk/video', threshold: 5 };
    expect(kinds(old, [{ ...rule, target: null, threshold: 6 }, own])).toEqual(['oldest_age']);
    expect(kinds(old, [{ ...own, enabled: false }])).toEqual([]);
  });
});
