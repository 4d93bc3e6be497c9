/** A push service and the browsers behind it: a real server that checks who calls (VAPID) and decrypts as a browser does (RFC 8291). */
import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pushed {
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into messages of every shape
  json: any;
  /** The claims of the caller's token, whose signature was right. */
  claims: { aud: string; exp: number; sub: string };
}

export interface Browser {
  /** As `PushSubscription.toJSON()` gives it. */
  subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  pushed: Pushed[];
  /** The next answers, first come first served; afterwards 201 again. */
  answerNext(...answers: { status: number; headers?: Record<string, string> }[]): void;
  /** Calls, also those that were not taken. */
  calls: number;
}

export interface PushService {
  url: string;
  subscribe(): Browser;
  close(): Promise<void>;
}

interface Own {
  browser: Browser;
  keys: ECDH;
  auth: Buffer;
  planned: { status: number; headers?: Record<string, string> }[];
}

/** @param serverKey the public key that callers must sign with, base64url. */
export async function startPushService(serverKey: string): Promise<PushService> {
  const owns = new Map<string, Own>();
  const server = createServer(async (req, res) => {
    const own = owns.get(req.url ?? '');
    if (!own) return void res.writeHead(404).end();
    own.browser.calls += 1;
    const { status, headers } = own.planned.shift() ?? { status: 201 };
    try {
      const body = Buffer.concat(await req.toArray());
      const claims = claimsOf(req.headers.authorization ?? '', serverKey);
      if (status === 201)
        own.browser.pushed.push({ headers: req.headers, json: JSON.parse(decrypt(body, own)), claims });
      res.writeHead(status, headers).end();
    } catch (error) {
      res.writeHead(400).end(String(error));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    subscribe() {
      const path = `/push/${randomBytes(12).toString('hex')}`;
      const keys = createECDH('prime256v1');
      const auth = randomBytes(16);
      const planned: Own['planned'] = [];
      const p256dh = keys.generateKeys('base64url');
      const browser: Browser = {
        subscription: { endpoint: url + path, keys: { p256dh, auth: auth.toString('base64url') } },
        pushed: [],
        calls: 0,
        answerNext: (...answers) => void planned.push(...answers),
      };
      owns.set(path, { browser, keys, auth, planned });
      return browser;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** @throws Error when the token is not signed by the key that it names, or that is not the server's. */
function claimsOf(authorization: string, serverKey: string): Pushed['claims'] {
  const [, token = '', key] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? [];
  if (key !== serverKey) throw new Error('The caller has another key');
  const point = Buffer.from(key, 'base64url');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url')) as [
    string,
    string,
  ];
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const [head = '', body = '', signature = ''] = token.split('.');
  const signed = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
  if (!verify('sha256', Buffer.from(`${head}.${body}`), signed, Buffer.from(signature, 'base64url')))
    throw new Error('The signature is wrong');
  return JSON.parse(Buffer.from(body, 'base64url').toString());
}

/** The content encoding aes128gcm (RFC 8188) with the keys of RFC 8291. */
function decrypt(body: Buffer, { keys, auth }: Pick<Own, 'keys' | 'auth'>): string {
  const salt = body.subarray(0, 16);
  const sender = body.subarray(21, 21 + body.readUInt8(20));
  const sealed = body.subarray(21 + sender.length);
  const derive = (secret: Uint8Array, salted: Uint8Array, info: Uint8Array | string, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salted, info, length));
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), keys.getPublicKey(), sender]);
  const secret = derive(keys.computeSecret(sender), auth, info, 32);
  const key = derive(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derive(secret, salt, 'Content-Encoding: nonce\0', 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  return padded.subarray(0, padded.lastIndexOf(2)).toString();
}
