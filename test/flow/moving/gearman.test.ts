/** The Gearman door: Debian's own client and raw packets in front of a real installation. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineJob, type HandlersOf, NonRetryableError } from '../../../src/contract/index.ts';
import { type GearmanDoor, openGearmanDoor } from '../../../src/moving/gearman/door.ts';
import { version } from '../../../src/version.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { frame, Wire } from '../../support/gearman-wire.ts';
import { until } from '../../support/stack.ts';

const run = promisify(execFile);

const bytes = z.object({ data: z.string(), encoding: z.enum(['utf8', 'base64']) });
const common = { lane: 'bulk', queue: 'gear' } as const;
const catalog = {
  reverse: defineJob({ ...common, type: 'reverse', payload: bytes, result: z.string() }),
  'add-up': defineJob({
    ...common,
    type: 'add-up',
    payload: z.array(z.number()),
    result: z.object({ sum: z.number() }),
  }),
  'take-steps': defineJob({ ...common, type: 'take-steps', payload: z.any(), result: z.any() }),
  'never-works': defineJob({ ...common, type: 'never-works', payload: z.any(), queue: 'other' }),
  'own-only': defineJob({ ...common, type: 'own-only', payload: z.any(), internal: true }),
};
/** What a `take-steps` job waits for. */
let open = () => {};
const opened = new Promise<void>((resolve) => {
  open = resolve;
});
const runs: string[] = [];

const handlers: HandlersOf<typeof catalog> = {
  reverse: async ({ data }, { id }) => {
    runs.push(id);
    return [...data].reverse().join('');
  },
  'add-up': async (numbers) => ({ sum: numbers.reduce((sum, number) => sum + number, 0) }),
  'take-steps': async (_, context) => {
    runs.push(context.id);
    context.progress(40, 'almost half');
    await opened;
    return { data: Buffer.from([0, 255, 10]).toString('base64'), encoding: 'base64' };
  },
  'never-works': async () => {
    throw new NonRetryableError('It is not made for this');
  },
  'own-only': async () => {},
};

let app: TestApp;
let door: GearmanDoor;
const wires: Wire[] = [];
beforeAll(async () => {
  app = await startTestApp({
    http: false,
    overrides: { catalog, handlers: () => handlers, product: undefined, schedules: [] },
  });
  door = await openGearmanDoor(app.twolane, {
    port: 0,
    mostBytes: 100_000,
    patienceMs: 700,
    functions: {
      reverse: 'reverse',
      sum: 'add-up',
      steps: { type: 'take-steps', notesAsData: true },
      broken: 'never-works',
    },
  });
});
afterAll(async () => {
  for (const { socket } of wires) socket.destroy();
  await door?.stop();
  await app?.stop();
});

const at = () => ['-h', '127.0.0.1', '-p', String(door.port)];
const gearman = async (...args: string[]) => (await run('gearman', [...at(), ...args], { timeout: 20_000 })).stdout;
const gearadmin = async (...args: string[]) => (await run('gearadmin', [...at(), ...args], { timeout: 20_000 })).stdout;
function wire(): Wire {
  const made = new Wire(door.port);
  wires.push(made);
  return made;
}
const idIn = (handle = '') => handle.slice('H:twolane:'.length);
const jobsOf = async (type: string) => (await app.twolane.operations.list({ type }, { limit: 100 })).items;

describe("Debian's gearman client", () => {
  it('gets results in the foreground, for text and for JSON', async () => {
    expect(await gearman('-f', 'reverse', 'Hello Gearman')).toBe('namraeG olleH');
    expect(JSON.parse(await gearman('-f', 'sum', '[1, 2, 39]'))).toEqual({ sum: 42 });
  });

  it('submits in the background, in each priority', async () => {
    await gearman('-f', 'reverse', '-b', '-I', 'first');
    await gearman('-f', 'reverse', '-b', '-L', 'last');
    await gearman('-f', 'reverse', '-b', 'usual');
    await until('all have run', async () => (await jobsOf('reverse')).every(({ state }) => state === 'succeeded'));
    const priorities = (await jobsOf('reverse')).slice(0, 3).map(({ priority }) => priority);
    expect(priorities.toSorted()).toEqual(['high', 'low', 'normal']);
  });

  it('hears of a failure, and of a function that is not there', async () => {
    await expect(gearman('-f', 'broken', 'x')).rejects.toThrow();
    const { stdout, stderr } = await run('gearman', [...at(), '-f', 'nothing', 'x']).catch((error) => error);
    expect(stdout + stderr).toMatch(/There is no function "nothing" here/);
    expect((await jobsOf('never-works'))[0]).toMatchObject({ state: 'dead' });
  });

  it('looks with gearadmin and may not shut down', async () => {
    const [line, ...rest] = (await gearadmin('--status')).split('\n');
    expect(line).toMatch(/^reverse\t\d+\t\d+\t4$/);
    expect(rest.join('\n')).toContain('broken\t');
    expect(await gearadmin('--workers')).toContain(`${process.pid} ${app.config.host} - : reverse sum steps broken`);
    expect(await gearadmin('--server-version')).toContain(`twolane-${version}`);
    await gearadmin('--shutdown').catch(() => undefined);
    expect(await gearman('-f', 'reverse', 'on')).toBe('no');
  });
});

describe('raw packets', () => {
  it('coalesces by unique id, tells progress and data, and answers every client of the job', async () => {
    const [one, two] = [wire(), wire()];
    one.send(7, 'steps', 'same', '{}');
    const handle = (await one.next(8)).parts[0] as string;
    expect((await one.next(12)).parts).toEqual([handle, '40', '100']);
    expect((await one.next(28)).parts).toEqual([handle, 'almost half']);
    two.send(18, 'steps', 'same', '{}');
    two.send(21, 'steps', 'same', '{"other": true}');
    expect([(await two.next(8)).parts[0], (await two.next(8, 2)).parts[0]]).toEqual([handle, handle]);
    two.send(15, handle);
    expect((await two.next(20)).parts).toEqual([handle, '1', '1', '40', '100']);
    two.send(41, 'same');
    expect((await two.next(42)).parts).toEqual(['same', '1', '1', '40', '100', '2']);
    open();
    for (const client of [one, two]) expect((await client.next(13)).parts[0]).toBe(handle);
    two.send(15, handle);
    expect((await two.next(20, 2)).parts).toEqual([handle, '0', '0', '0', '0']);
    one.send(7, 'steps', 'same', '{}');
    const next = (await one.next(8, 2)).parts[0] as string;
    await one.next(13, 2);
    expect(runs.filter((id) => id === idIn(handle))).toHaveLength(1);
    expect(next).not.toBe(handle);
    two.send(41, 'same');
    expect((await two.next(42, 2)).parts).toEqual(['same', '0', '0', '0', '0', '0']);
  });

  it('answers in the order of the requests, however many arrive in one piece', async () => {
    const client = wire();
    const requests = Array.from({ length: 300 }, (_, n) =>
      n % 3 === 2 ? frame(16, `echo ${n}`) : frame(18, n % 3 === 1 ? 'nothing' : 'reverse', '', `text ${n}`),
    );
    client.socket.write(Buffer.concat(requests));
    await client.next(17, 100);
    expect(client.packets.map(({ type }) => type)).toEqual(Array.from({ length: 100 }, () => [8, 19, 17]).flat());
    expect(new Set(client.packets.filter(({ type }) => type === 8).map(({ parts }) => parts[0])).size).toBe(100);
    expect(client.packets[299]?.parts).toEqual(['echo 299']);
    for (let n = 0; n < 2; n++) client.send(7, 'reverse', 'twice', 'ab');
    expect((await client.next(13)).parts[1]).toBe('ba');
    expect((await client.next(13, 2)).parts[1]).toBe('ba');
  });

  it('tells the reason to clients that asked for exceptions, and runs a job at its time', async () => {
    const client = wire();
    client.send(26, 'exceptions');
    expect((await client.next(27)).parts).toEqual(['exceptions']);
    client.send(7, 'broken', '', 'x');
    expect((await client.next(25)).parts[1]).toBe('It is not made for this');
    await client.next(14);
    const epoch = Math.floor(Date.now() / 1_000) + 3_600;
    client.send(36, 'reverse', '', String(epoch), 'later');
    const job = await app.twolane.operations.get(idIn((await client.next(8, 2)).parts[0]));
    expect(job).toMatchObject({ state: 'scheduled', runAt: new Date(epoch * 1_000).toISOString() });
    expect(job).toMatchObject({ payload: { data: 'later', encoding: 'utf8' }, metadata: { gearman: 'reverse' } });
  });

  it.each([
    ['an internal job type', frame(18, 'own-only', '', ''), 'unknown_function'],
    ['a payload that does not fit', frame(18, 'sum', '', 'no numbers'), 'invalid_payload'],
    ['too few arguments', frame(18, 'reverse'), 'not_enough_arguments'],
    ['a time that is none', frame(36, 'reverse', '', 'soon', 'x'), 'invalid_time'],
    ['a unique id that is too long', frame(18, 'reverse', 'u'.repeat(65), 'x'), 'unique_too_long'],
    ['a schedule', frame(35, 'reverse', '', '0', '0', '1', '1', '1', 'x'), 'not_supported'],
    ['a worker', frame(1, 'reverse'), 'no_workers'],
    ['an unknown option', frame(26, 'speed'), 'unknown_option'],
    ['an unknown packet', frame(99), 'unknown_packet'],
  ])('refuses %s and goes on', async (_, request, code) => {
    const client = wire();
    client.socket.write(request);
    expect((await client.next(19)).parts[0]).toBe(code);
    client.send(16, 'still here');
    expect((await client.next(17)).parts).toEqual(['still here']);
  });

  it('reads packets and lines in pieces of any size, and refuses to steer', async () => {
    const client = wire();
    const stream = Buffer.concat([
      frame(16, 'whole'),
      Buffer.from('version\nmaxqueue reverse 1\n'),
      frame(16, 'again'),
    ]);
    for (const byte of stream) client.socket.write(Buffer.of(byte));
    await client.next(17);
    await until('both lines were answered', () => client.text.split('\n').length > 2);
    expect(client.text).toContain(`OK twolane-${version}\nERR not_allowed `);
  });

  it('ends connections that send nonsense, too much, or half a packet, and bears with idle ones', async () => {
    const idle = wire();
    const nonsense = wire();
    nonsense.socket.write(Buffer.from('\0BAD\0\0\0\0\0\0\0\0', 'latin1'));
    expect((await nonsense.next(19)).parts[0]).toBe('invalid_magic');
    const large = wire();
    large.socket.write(frame(18, 'reverse', '', 'x').fill(255, 8, 12));
    expect((await large.next(19)).parts[0]).toBe('packet_too_large');
    const half = wire();
    half.socket.write(frame(18, 'reverse', '', 'never the end').subarray(0, 20));
    await until('all three are gone', () => nonsense.closed && large.closed && half.closed);
    idle.send(16, 'here');
    await idle.next(17);
  });

  it('says so when its port is taken', async () => {
    await expect(openGearmanDoor(app.twolane, { port: door.port })).rejects.toMatchObject({ code: 'port_unusable' });
  });

  it('ends a client that does not read what it asked for', async () => {
    const client = wire();
    client.socket.pause();
    const echo = frame(16, Buffer.alloc(90_000, 'x'));
    for (let n = 0; n < 400; n++) client.socket.write(echo);
    client.socket.on('close', () => undefined);
    await until('it was ended', () => {
      client.socket.write(Buffer.alloc(1));
      return client.socket.destroyed || client.socket.errored;
    });
    expect(await gearman('-f', 'reverse', 'abc')).toBe('cba');
  });
});
