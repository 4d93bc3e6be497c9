/** Outgoing calls: no spelling of an address and no resolver may lead a URL from outside into our own network. */
import diagnostics from 'node:diagnostics_channel';
import type { LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, isIPv6, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createOutgoing, isPublicAddress, type OutgoingCall, parseAllowed } from '../../../src/outgoing/index.ts';

const call = { method: 'GET', schemes: ['https:', 'http:'], timeoutMs: 2_000 } as const satisfies Partial<OutgoingCall>;
const nothingAllowed = parseAllowed('');

/** Addresses in the spellings that parsers, resolvers and translators understand. */
const hostileHosts = [
  ...['127.0.0.1', '127.1', '127.0.1', '127.255.255.254', '2130706433', '0x7f000001', '0x7f.1', '0x7F.0x0.0x0.0x1'],
  ...['0177.0.0.1', '0177.0.0.01', '017700000001', '127.0.0.1.', '%31%32%37.0.0.1', '１２７.０.０.１', '127。0。0。1'],
  ...['①②⑦.0.0.1', '0', '0.0.0.0', '0x0', '0.1.2.3', '00.0.0.0', '10.0.0.1', '10.1', '167772161', '012.0.0.1'],
  ...['172.16.0.1', '172.31.255.255', '0xac100001', '192.168.0.1', '192.168.1', '3232235521', '0300.0250.0.1'],
  ...['169.254.169.254', '2852039166', '0xa9fea9fe', '0251.0376.0251.0376', '169.254.170.2', '169.254.43518'],
  ...['100.64.0.1', '100.100.100.200', '100.127.255.255', '192.0.0.1', '192.0.0.192', '192.0.2.1', '198.18.0.1'],
  ...['198.19.255.255', '198.51.100.1', '203.0.113.1', '192.88.99.1', '192.31.196.1', '192.175.48.1', '224.0.0.1'],
  ...['239.255.255.250', '240.0.0.1', '255.255.255.255', '4294967295', '0xffffffff', '168.63.129.16'],
  ...['[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::127.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::FFFF:a00:1]'],
  ...['[::ffff:0:127.0.0.1]', '[::ffff:169.254.169.254]', '[64:ff9b::127.0.0.1]', '[64:ff9b::a9fe:a9fe]'],
  ...['[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[2002:a9fe:a9fe::1]', '[2001::1]', '[2001:db8::1]', '[3fff::1]'],
  ...['[fe80::1]', '[febf::1]', '[fec0::1]', '[fc00::1]', '[fd00:ec2::254]', '[fd12:3456:789a::1]', '[ff02::1]'],
  ...['[ff0e::1]', '[100::1]', '[5f00::1]', '[2001:10::1]', '[2001:20::1]', '[4000::1]', '[1::1]'],
];
const hostileUrls = [
  ...hostileHosts.map((host) => `http://${host}/latest/meta-data/`),
  ...['http://user:secret@example.com/', 'https://example.com:22/', 'https://example.com:6379/', 'http://:80/'],
  ...['file:///etc/passwd', 'gopher://127.0.0.1:6379/_INFO', 'ftp://example.com/', 'data:text/plain,x', '//127.0.0.1/'],
  ...['http://127.0.0.1:80\\@example.com/', 'http://example.com@127.0.0.1/', 'http://[::1', 'http://1.2.3.4.5.6/', ''],
];

/** Every address that this process began to connect to. */
const attempts: string[] = [];
const watch = (message: unknown) => {
  const { socket } = message as { socket: Socket };
  socket.on('connectionAttempt', (address: string) => attempts.push(address));
};
beforeAll(() => diagnostics.subscribe('net.client.socket', watch));
afterAll(() => diagnostics.unsubscribe('net.client.socket', watch));
beforeEach(() => void attempts.splice(0));

const answering = (...answers: string[][]) => {
  let asked = 0;
  return async (): Promise<LookupAddress[]> => {
    const answer = answers[Math.min(asked, answers.length - 1)] ?? [];
    asked += 1;
    return answer.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  };
};

describe('Hostile URLs', { tags: ['security'] }, () => {
  test(`${hostileUrls.length} of them are refused without a single connect`, async () => {
    expect(hostileUrls.length).toBeGreaterThan(80);
    // Names that are no address to the URL parser reach a resolver that obliges the attacker.
    const outgoing = createOutgoing({ allowed: nothingAllowed, resolve: answering(['127.0.0.1']) });
    const told = await Promise.all(
      hostileUrls.map((url) =>
        outgoing.call({ ...call, url }).then(
          () => `${url} was called`,
          (error) => error.code,
        ),
      ),
    );
    expect(told.filter((code) => code !== 'url_refused')).toEqual([]);
    expect(attempts).toEqual([]);
  });

  test('what they lead to is refused when a resolver answers it, alone or beside a public address', async () => {
    const plain = hostileHosts.map((host) => new URL(`http://${host}/`).hostname.replace(/^\[|\]$/g, ''));
    const addresses = plain.filter((host) => /^[\d.]+$|:/.test(host)).map((host) => host.replace(/\.$/, ''));
    expect(addresses.filter(isPublicAddress)).toEqual([]);
    for (const answer of [...addresses.map((one) => [one]), ...addresses.map((one) => ['93.184.216.34', one]), []]) {
      const outgoing = createOutgoing({ allowed: nothingAllowed, resolve: answering(answer) });
      await expect(outgoing.call({ ...call, url: 'https://innocent.example/' })).rejects.toThrow(
        expect.objectContaining({ code: 'url_refused' }),
      );
    }
    expect(attempts).toEqual([]);
  });

  test('public addresses pass, in both families', () => {
    for (const address of [
      '93.184.216.34',
      '1.1.1.1',
      '172.15.255.255',
      '100.128.0.1',
      '2606:4700::1111',
      '2a00:1450::1',
    ])
      expect([address, isPublicAddress(address)]).toEqual([address, true]);
  });
});

describe('With a server of ours', { tags: ['security'] }, () => {
  let server: Server;
  let port: number;
  const seen: { host: string | undefined; url: string | undefined }[] = [];
  beforeAll(async () => {
    server = createServer((req, res) => {
      seen.push({ host: req.headers.host, url: req.url });
      const to = new URL(req.url ?? '/', 'http://x').searchParams.get('to');
      if (to !== null) return void res.writeHead(302, { location: to }).end();
      if (req.url === '/silent') return;
      if (req.url === '/slow') return void res.writeHead(200).write('begun');
      res.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => void seen.splice(0));
  const allowed = parseAllowed('127.0.0.1/32');

  test('the name decides Host, the checked address the connection', async () => {
    const outgoing = createOutgoing({ allowed, resolve: answering(['127.0.0.1']) });
    const answer = await outgoing.call({ ...call, url: `http://Hooks.example.:${port}/a?b=1#c` });
    expect(answer.resume().statusCode).toBe(200);
    expect(seen).toEqual([{ host: `hooks.example.:${port}`, url: '/a?b=1' }]);
    expect(attempts).toEqual(['127.0.0.1']);
  });

  test('a name that changes its address after the check is refused: whatever is asked again is checked again', async () => {
    for (const bad of ['127.0.0.2', '169.254.169.254', '::1', '10.0.0.1']) {
      const outgoing = createOutgoing({ allowed, resolve: answering(['127.0.0.1'], [bad]) });
      const url = `http://rebind.example:${port}/?to=${encodeURIComponent(`http://rebind.example:${port}/`)}`;
      await expect(outgoing.call({ ...call, url, redirects: 3 })).rejects.toMatchObject({ code: 'url_refused' });
    }
    expect(new Set(attempts)).toEqual(new Set(['127.0.0.1']));
    expect(seen).toHaveLength(4);
  });

  test('redirects are checked, counted, and not followed unless wanted', async () => {
    const outgoing = createOutgoing({ allowed, resolve: answering(['127.0.0.1']) });
    const to = (target: string) => `http://127.0.0.1:${port}/?to=${encodeURIComponent(target)}`;
    const once = await outgoing.call({ ...call, url: to('/ok'), redirects: 1 });
    expect(once.resume().statusCode).toBe(200);
    expect((await outgoing.call({ ...call, url: to('/ok') })).resume().statusCode).toBe(302);
    for (const target of ['http://169.254.169.254/', 'file:///etc/passwd', 'http://[::1]:1/', 'http://u:p@127.0.0.1/'])
      await expect(outgoing.call({ ...call, url: to(target), redirects: 5 })).rejects.toMatchObject({
        code: 'url_refused',
      });
    const loop = outgoing.call({ ...call, url: to(to('/')), redirects: 1 });
    await expect(loop).rejects.toMatchObject({ code: 'too_many_redirects' });
    expect(new Set(attempts)).toEqual(new Set(['127.0.0.1']));
  });

  test('an answer that does not come, or stops coming, has a time limit', async () => {
    const outgoing = createOutgoing({ allowed });
    const silent = outgoing.call({ ...call, url: `http://127.0.0.1:${port}/silent`, timeoutMs: 100 });
    await expect(silent).rejects.toMatchObject({ code: 'timed_out' });
    const slow = await outgoing.call({ ...call, url: `http://127.0.0.1:${port}/slow`, idleMs: 100 });
    await expect(slow.toArray()).rejects.toMatchObject({ code: 'timed_out' });
  });

  test('a host by its name is allowed as a whole; schemes of public hosts do not concern it', async () => {
    const outgoing = createOutgoing({ allowed: parseAllowed('hooks.internal'), resolve: answering(['127.0.0.1']) });
    const answer = await outgoing.call({ ...call, url: `http://hooks.internal:${port}/`, schemes: ['https:'] });
    expect(answer.resume().statusCode).toBe(200);
    const other = outgoing.call({ ...call, url: `http://other.internal:${port}/` });
    await expect(other).rejects.toMatchObject({ code: 'url_refused' });
  });

  test('TLS asks for the name, not for the address', async () => {
    const names: string[] = [];
    const SNICallback = (name: string, done: (error: Error) => void) => {
      names.push(name);
      done(new Error('no certificate'));
    };
    const tls = createTlsServer({ SNICallback });
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
    const url = `https://hooks.example:${(tls.address() as AddressInfo).port}/`;
    const outgoing = createOutgoing({ allowed, resolve: answering(['127.0.0.1']) });
    await expect(outgoing.call({ ...call, url })).rejects.toThrow();
    tls.close();
    expect(names).toEqual(['hooks.example']);
  });
});

test('the list of what is allowed names what it does not understand', () => {
  expect(parseAllowed('10.0.0.0/8, ::1, Hooks.Internal').hosts).toEqual(new Set(['hooks.internal']));
  for (const wrong of ['10.0.0.0/99', '*', '10.0.0', 'http://a', '1.2.3.4.5'])
    expect(() => parseAllowed(wrong)).toThrow('TWOLANE_OUTGOING_ALLOW');
});
