/** A small OpenID Connect provider: discovery, authorization code with PKCE, signed identities; it lets in whom a test names. */
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Person {
  sub: string;
  [claim: string]: unknown;
}

export interface OidcProvider {
  issuer: string;
  /** Who answers the next log-in. */
  person: Person;
  /** What its next identities say otherwise, such as another audience. */
  lies: Record<string, unknown>;
  close(): Promise<void>;
}

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startOidcProvider(client: { id: string; secret: string }): Promise<OidcProvider> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, { nonce: string; challenge: string; redirect: string; person: Person }>();
  const provider: OidcProvider = {
    issuer: '',
    person: { sub: '1' },
    lies: {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const identity = ({ nonce, person }: { nonce: string; person: Person }) => {
    const now = Math.floor(Date.now() / 1_000);
    const times = { iat: now, exp: now + 60 };
    const claims = { iss: provider.issuer, aud: client.id, nonce, ...times, ...person, ...provider.lies };
    const content = `${encoded({ alg: 'RS256', kid: 'one' })}.${encoded(claims)}`;
    return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
  };
  const exchange = (form: URLSearchParams, authorization: string) => {
    const [id, secret] = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':');
    const known = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const given = { id: id || form.get('client_id'), secret: secret ?? form.get('client_secret') };
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const fits =
      given.id === client.id && given.secret === client.secret && known?.redirect === form.get('redirect_uri');
    if (!known || !fits || known.challenge !== challenge) return { status: 400, body: { error: 'invalid_grant' } };
    const tokens = { access_token: randomUUID(), token_type: 'Bearer', expires_in: 60, id_token: identity(known) };
    return { status: 200, body: tokens };
  };
  const server = createServer(async (req, res) => {
    const url = new URL(req.url ?? '', provider.issuer);
    const answer = (body: object, status = 200) =>
      res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration')
      return answer({
        issuer: provider.issuer,
        authorization_endpoint: `${provider.issuer}/authorize`,
        token_endpoint: `${provider.issuer}/token`,
        jwks_uri: `${provider.issuer}/keys`,
        response_types_supported: ['code'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    if (url.pathname === '/keys')
      return answer({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] });
    if (url.pathname === '/token') {
      const { status, body } = exchange(new URLSearchParams(await text(req)), req.headers.authorization ?? '');
      return answer(body, status);
    }
    const asked = url.searchParams;
    const [code, redirect] = [randomUUID(), asked.get('redirect_uri') ?? ''];
    const [nonce, challenge] = [asked.get('nonce') ?? '', asked.get('code_challenge') ?? ''];
    codes.set(code, { nonce, challenge, redirect, person: provider.person });
    const back = new URL(redirect);
    back.searchParams.set('code', code);
    back.searchParams.set('state', asked.get('state') ?? '');
    res.writeHead(302, { location: back.href }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return provider;
}
