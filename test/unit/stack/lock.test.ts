import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runningUrls, takeFolder } from '../../../scripts/stack/lock.ts';
import { startOf } from '../../../scripts/stack/processes.ts';

const urls = { DATABASE_URL: 'postgres://a', REDIS_URL: 'redis://b', AMQP_URL: 'amqp://c' };

describe('the folder of a stack', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'twolane-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const leave = (holder: object) => writeFileSync(join(folder, 'running.json'), JSON.stringify(holder));

  it('belongs to one run at a time', () => {
    const first = takeFolder(folder);
    expect(() => takeFolder(folder)).toThrow(`(process ${process.pid})`);
    first.release();
    takeFolder(folder).release();
  });

  it('tells others where the servers are, while they run', () => {
    const lock = takeFolder(folder);
    expect(runningUrls(folder)).toBeUndefined();
    lock.publish(urls);
    expect(runningUrls(folder)).toEqual(urls);
    lock.release();
    expect(runningUrls(folder)).toBeUndefined();
  });

  it('is free again after a run that was killed, even when its pid is used again', () => {
    leave({ pid: 2 ** 22 + 1, started: '1', urls });
    takeFolder(folder).release();
    leave({ pid: process.pid, started: `${startOf(process.pid)}0`, urls });
    expect(runningUrls(folder)).toBeUndefined();
    takeFolder(folder).release();
  });
});
