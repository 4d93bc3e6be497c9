/** Which errors stand in one group of the dead letters, and which don't. */
import { describe, expect, test } from 'vitest';
import { toJobError } from '../../../src/contract/index.ts';
import { fingerprint, normalised, ownFrame } from '../../../src/ledger/fingerprint.ts';

const error = { name: 'PaymentError', code: 'ECONNREFUSED', message: 'connect to payments failed' };
const stackAt = (file: string, name = 'charge') =>
  `PaymentError: x\n    at connect (node:net:1555:16)\n    at Pool.query (/app/node_modules/pg-pool/index.js:45:11)\n    at async ${name} (${file})\n    at async other (/app/src/other.ts:1:1)`;

describe('The fingerprint of an error', () => {
  test('is the same for messages that differ in what belongs to one job', () => {
    const pairs = [
      ['User 42 not found', 'User 7 not found'],
      ['No media "a b"', 'No media "c"'],
      ["can't read user's file 'x'", "can't read user's file 'y'"],
      ['order 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed', 'order deadbeef-cafe-babe-dead-beefcafebabe'],
      ['mail to ann@example.org', 'mail to bob.b@mail.example.com'],
      ['ENOENT, open /tmp/aXb/input.jpg', 'ENOENT, open /srv/files/other.png'],
      ['hash 0xdeadbeef', 'hash 0xcafebabe'],
      ['bad token eyJhbGciOiJIUzI1NiIsInR5', 'bad token abCDefGHijKLmnOPqrST12345'],
    ] as const;
    for (const [one, other] of pairs) expect(normalised(one)).toBe(normalised(other));
  });

  test('differs by type, class, code, message and place', () => {
    const base = { ...error, stack: stackAt('/app/jobs/bulk/charge.handler.ts:10:5') };
    const others = [
      fingerprint('refund', base),
      fingerprint('charge', { ...base, name: 'Error' }),
      fingerprint('charge', { ...base, code: 'ETIMEDOUT' }),
      fingerprint('charge', { ...base, message: 'declined' }),
      fingerprint('charge', { ...base, stack: stackAt('/app/jobs/bulk/refund.handler.ts:10:5') }),
      fingerprint('charge', { ...base, stack: stackAt('/app/jobs/bulk/charge.handler.ts:10:5', 'prepare') }),
    ];
    expect(new Set([fingerprint('charge', base), ...others]).size).toBe(7);
  });

  test('outlives other lines, other folders, and the build', () => {
    const places = [
      '/app/jobs/bulk/charge.handler.ts:10:5',
      '/app/jobs/bulk/charge.handler.ts:99:1',
      'file:///srv/other/jobs/bulk/charge.handler.js:3:7',
      'C:\\app\\jobs\\bulk\\charge.handler.js:3:7',
    ];
    expect(new Set(places.map((place) => fingerprint('charge', { ...error, stack: stackAt(place) }))).size).toBe(1);
  });

  test('takes the place from a real stack: ours, not that of a library or of Node', () => {
    expect(ownFrame(toJobError(failing()).stack)).toBe('failing ledger/fingerprint.test');
    expect(ownFrame('Error: x\n    at node:internal/timers:1:1\n    at async Promise.all (index 0)')).toBe('');
    expect(ownFrame(undefined)).toBe('');
  });

  test('takes no time on a message made to take it', () => {
    const started = performance.now();
    for (const part of ['a', '/a', 'a-', '0', "'", 'a@', 'a.']) normalised(part.repeat(2_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

function failing(): Error {
  try {
    JSON.parse('{');
  } catch (thrown) {
    return thrown as Error;
  }
  return new Error('unreachable');
}
