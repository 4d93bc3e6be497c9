/** The log writes what is known to be harmless and hides the rest. */
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/telemetry/logger.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ level: 'info', name: 'api', destination: { write: (line) => lines.push(line) } }));
  return lines.join('');
}

describe('the log', () => {
  it('writes one JSON record with time, level, process and message', () => {
    expect(JSON.parse(logged((log) => log.info({ status: 200 }, 'GET /healthz 200')))).toMatchObject({
      level: 'info',
      process: 'api',
      status: 200,
      msg: 'GET /healthz 200',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  it('hides every field that is not on the list, of children too', () => {
    const text = logged((log) =>
      log.child({ password: 'canary-1' }).warn({ payload: { a: 'canary-2' }, lane: 'bulk' }, 'x'),
    );
    expect(text).not.toContain('canary');
    expect(JSON.parse(text)).toMatchObject({ lane: 'bulk', payload: '[hidden]' });
  });

  it('takes credentials and queries out of addresses', () => {
    const text = logged((log) => log.info({ url: 'amqp://guest:canary@host:5672/x?token=canary' }, 'x'));
    expect(JSON.parse(text).url).toBe('amqp://host:5672/x');
  });

  it('keeps the stack of an error', () => {
    expect(JSON.parse(logged((log) => log.error({ err: new TypeError('oh') }, 'x'))).err).toMatchObject({
      type: 'TypeError',
      message: 'oh',
      stack: expect.stringContaining('logger.test.ts'),
    });
  });

  it('leaves out what a driver quotes from rows, and keeps the cause', () => {
    const cause = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(canary) exists' });
    const text = logged((log) => log.error({ error: new Error('outer', { cause }) }, 'x'));
    expect(text).not.toContain('canary');
    expect(JSON.parse(text).error.cause).toMatchObject({ message: 'duplicate key', code: '23505' });
  });

  it('says nothing below its level', () => {
    expect(logged((log) => log.debug({}, 'x'))).toBe('');
  });
});
