/** From what is seen to what is wrong, by the rules. Pure. */
import {
  type Alarm,
  type AlertKind,
  type AlertRule,
  alertKindNames,
  alertKinds,
  type Finding,
  type QueuePath,
  type QueueStatus,
  queuePath,
} from '../contract/index.ts';

/** What a look at the installation found. */
export interface Sight {
  queues: readonly QueueStatus[];
  alarms: readonly Alarm[];
  /** Attempts that ended in the last five minutes, and jobs that died in the last ten. */
  recent: readonly { queue: QueuePath; ended: number; failed: number; dead: number }[];
  /** How late each schedule is, or was with its last slot that was missed. */
  schedules: readonly { name: string; lateS: number }[];
}

/** Fewer attempts say nothing about a rate. */
const fewAttempts = 20;

/** The rules in force: those of the release, and what operators wrote instead. */
export function rulesInForce(written: readonly AlertRule[]): AlertRule[] {
  const general = alertKindNames.map((kind): AlertRule => {
    const { threshold, forS } = alertKinds[kind];
    const own = written.find((rule) => rule.kind === kind && rule.target === null);
    return own ?? { kind, target: null, threshold, forS, enabled: true, updatedBy: null };
  });
  return [...general, ...written.filter(({ target }) => target !== null)];
}

/** The rule for a target: its own, else the general one. */
export function ruleFor(rules: readonly AlertRule[], kind: AlertKind, target: string): AlertRule | undefined {
  const ofKind = rules.filter((rule) => rule.kind === kind);
  return ofKind.find((rule) => rule.target === target) ?? ofKind.find((rule) => rule.target === null);
}

/** All that is wrong, by rules that are enabled. */
export function judge(sight: Sight, rules: readonly AlertRule[]): Finding[] {
  return [...ofQueues(sight), ...ofRecent(sight), ...ofSchedules(sight), ...ofAlarms(sight)].filter((finding) => {
    const rule = ruleFor(rules, finding.kind, finding.target);
    return rule?.enabled && (rule.threshold === null || (finding.value ?? 0) >= rule.threshold);
  });
}

const text = (value: number) => (value < 10 ? value.toFixed(1) : String(Math.round(value)));

function ofQueues({ queues }: Sight): Finding[] {
  return queues.flatMap((status): Finding[] => {
    const { lane, queue, paused, oldestMs, budgetMs, burn1m, burn1h } = status;
    const target = queuePath(lane, queue);
    if (paused || budgetMs === null) return [];
    const times = (oldestMs ?? 0) / budgetMs;
    const burn = Math.min(burn1m ?? 0, burn1h ?? 0);
    return [
      {
        kind: 'oldest_age',
        target,
        value: times,
        message: `The oldest job of ${target} waits for ${text((oldestMs ?? 0) / 1_000)} s, ${text(times)} times its budget`,
      },
      {
        kind: 'budget_burn',
        target,
        value: burn,
        message: `${target} starts ${text(burn)} times as many jobs too late as it may`,
      },
    ];
  });
}

function ofRecent({ recent }: Sight): Finding[] {
  return recent.flatMap(({ queue, ended, failed, dead }): Finding[] => {
    const percent = ended < fewAttempts ? 0 : (failed / ended) * 100;
    return [
      {
        kind: 'failure_rate',
        target: queue,
        value: percent,
        message: `${text(percent)} % of the ${ended} attempts of ${queue} in the last five minutes failed`,
      },
      {
        kind: 'dead_growth',
        target: queue,
        value: dead,
        message: `${dead} jobs of ${queue} died in the last ten minutes`,
      },
    ];
  });
}

function ofSchedules({ schedules }: Sight): Finding[] {
  return schedules.map(({ name, lateS }) => ({
    kind: 'schedule_missed',
    target: name,
    value: lateS,
    message: `The schedule ${name} is ${text(lateS)} s late, or missed a slot in the last ten minutes`,
  }));
}

/** The platform knows these by itself. */
function ofAlarms({ alarms }: Sight): Finding[] {
  return alarms.flatMap(({ code, target, message }): Finding[] => {
    const kind = code === 'no_worker' ? 'no_consumers' : code;
    return kind in alertKinds ? [{ kind: kind as AlertKind, target, message, value: null }] : [];
  });
}
