/** docs/configuration.md says what src/config.ts reads. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { configurationDoc, configurationFile } from '../../scripts/configuration-doc.ts';
import { settings } from '../../src/settings.ts';

describe('The page on the configuration', () => {
  test('is what `npm run docs:configuration` writes', () => {
    expect(readFileSync(configurationFile, 'utf8')).toBe(configurationDoc());
  });

  test('has a row for every setting, with a sentence on what it does', () => {
    const lines = configurationDoc().split('\n');
    for (const name of Object.keys(settings.shape)) {
      const row = lines.find((line) => line.startsWith(`| \`${name}\` `));
      expect(row, name).toMatch(/\| [A-Z`][^|]{10,}\|$/);
    }
  });

  test('marks what has no default as required', () => {
    const required = configurationDoc().matchAll(/^\| `(\w+)` +\| \*\*required\*\*/gm);
    expect([...required].map(([, name]) => name)).toEqual(['DATABASE_URL', 'REDIS_URL', 'AMQP_URL']);
  });
});
