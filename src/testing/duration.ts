/** Stretches of time as tests write them: `'90s'`, `'2h 30m'`, or milliseconds. */

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

export type Duration = number | string;

/** @throws TypeError when the text is no stretch of time */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0) return Math.round(duration);
  const parts = String(duration).trim().split(/\s+/).map(part);
  return Math.round(parts.reduce((sum, ms) => sum + ms, 0));
}

function part(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (amount === undefined) throw new TypeError(`"${text}" is no stretch of time; write 90s, "2h 30m" or milliseconds`);
  return Number(amount) * units[unit as keyof typeof units];
}
