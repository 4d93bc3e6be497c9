/** What `npm start` does when its process ends: brings it back when it asks for that or was killed, and gives up otherwise. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stopApp } from '../../../scripts/run/app.ts';
import { keepApp } from '../../../scripts/run/keep-app.ts';
import { recycleExitCode } from '../../../workers/exit-codes.ts';
import { until } from '../../support/stack.ts';

const entry = fileURLToPath(new URL('../../support/restless-program.ts', import.meta.url));

describe('The process of npm start', { timeout: 30_000 }, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'twolane-keep-'));
    vi.spyOn(console, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  const file = () => join(folder, 'starts');
  const starts = () => (existsSync(file()) ? readFileSync(file(), 'utf8').trim().split('\n') : []);
  function keep(exitCodes: string, ends: string[]) {
    vi.stubEnv('STARTS_FILE', file());
    vi.stubEnv('EXIT_CODES', exitCodes);
    const urls = { DATABASE_URL: '', REDIS_URL: '', AMQP_URL: '' };
    const address = { host: '127.0.0.1', port: 1, opsPort: 1 };
    const credentials = { apiKey: '', operatorPassword: '' };
    return keepApp(
      { entry, watch: false, folder, urls, address, credentials },
      { onEnd: (why) => ends.push(why), ending: () => false },
    );
  }

  test('is started again, with the same welcome, when it asks to be replaced and when it was killed', async () => {
    const ends: string[] = [];
    const kept = keep(`${recycleExitCode},SIGKILL`, ends);
    await until('it has started three times', () => starts().length === 3, { timeoutMs: 20_000 });
    expect(new Set(starts()).size).toBe(1);
    expect(ends).toEqual([]);
    await stopApp(kept.app);
  });

  test('is not started again when it ends by itself', async () => {
    const ends: string[] = [];
    keep('3', ends);
    await until('its end is told', () => ends.length > 0, { timeoutMs: 20_000 });
    expect(ends).toEqual(['Twolane ended by itself (exit code 3).']);
    expect(starts()).toHaveLength(1);
  });
});
