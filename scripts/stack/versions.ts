/** Reads and compares the version numbers that servers report. Pure. */

/** The numbers of a version: `7.0.15`, `15.13 (Debian 15.13-0+deb12u1)` and `v3.10.8-rc.1` all work; empty when there are none. */
export function parseVersion(text: string): number[] {
  const found = /\d+(\.\d+)*/.exec(text);
  return found ? found[0].split('.').map(Number) : [];
}

/** Below 0 when `a` is older than `b`, 0 when they are the same; missing numbers count as 0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `version` is `minimum` or newer; a text without a number never is. */
export function isAtLeast(version: string, minimum: string): boolean {
  return parseVersion(version).length > 0 && compareVersions(version, minimum) >= 0;
}
