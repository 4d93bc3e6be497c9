import { describe, expect, it } from 'vitest';
import { compareVersions, isAtLeast, parseVersion } from '../../../scripts/stack/versions.ts';

describe('versions that servers report', () => {
  it('are read with distribution suffixes and prefixes', () => {
    expect(parseVersion('15.13 (Debian 15.13-0+deb12u1)')).toEqual([15, 13]);
    expect(parseVersion('v3.10.8-rc.1')).toEqual([3, 10, 8]);
    expect(parseVersion('unknown')).toEqual([]);
  });

  it('are compared number by number, not as text', () => {
    expect(compareVersions('3.10.8', '3.9.29')).toBeGreaterThan(0);
    expect(compareVersions('7.0', '7.0.0')).toBe(0);
    expect(compareVersions('6.2.14', '7.0.0')).toBeLessThan(0);
  });

  it('are new enough from the minimum on, and never without a number', () => {
    expect(isAtLeast('3.10', '3.10')).toBe(true);
    expect(isAtLeast('4.1.2', '3.10')).toBe(true);
    expect(isAtLeast('3.8.27', '3.10')).toBe(false);
    expect(isAtLeast('', '3.10')).toBe(false);
  });
});
