/** What is installed with Twolane: from the registry alone, with checked content, without programs that run on installation. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (name: string) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'));
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> };
const manifest = read('package.json');

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  optional?: boolean;
  dev?: boolean;
  link?: boolean;
  hasInstallScript?: boolean;
}

const locked = Object.entries(packages).filter(([path]) => path !== '');

describe('The packages of the lock file', { tags: ['security'] }, () => {
  test('come from the registry that is configured, whole and unchanged', () => {
    const strange = locked.filter(
      ([, { resolved, link }]) => link || (resolved && !/^https:\/\/registry\.npmjs\.org\//.test(resolved)),
    );
    expect(strange).toEqual([]);
    // Builds for other systems, which this one never installs.
    const unchecked = locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
    expect(unchecked.filter(([, { optional }]) => !optional)).toEqual([]);
    expect(unchecked.length).toBeLessThanOrEqual(12);
  });

  test('are named by version, never by an address', () => {
    const asked = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.peerDependencies,
    });
    expect(asked.filter(([, range]) => !/^[\^~]?\d|^>=\d/.test(String(range)))).toEqual([]);
  });

  test('run nothing on installation that they would need', () => {
    const scripts = locked
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.split('node_modules/').at(-1));
    // Both look for a build that came as a package of its own, and work without.
    expect(scripts.sort()).toEqual(['esbuild', 'msgpackr-extract']);
    for (const name of ['preinstall', 'install', 'postinstall', 'prepare'])
      expect(manifest.scripts).not.toHaveProperty(name);
  });

  test('have no known hole in the versions that have had one', () => {
    const least = { amqplib: '2.3.1', express: '5.3.0', '@tus/server': '2.4.5', sharp: '0.35.5', bullmq: '6.7.0' };
    for (const [name, version] of Object.entries(least)) {
      const found = packages[`node_modules/${name}`]?.version ?? '0';
      expect([name, found.localeCompare(version, 'en', { numeric: true }) >= 0, found]).toEqual([name, true, found]);
    }
    expect(packages).not.toHaveProperty(['node_modules/multer']);
  });
});
