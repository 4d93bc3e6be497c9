/** Operators who log in elsewhere: OpenID Connect with the authorization code, PKCE, state and nonce, by openid-client. */
import type { Configuration } from 'openid-client';
import { TwolaneError } from '../../contract/errors.ts';
import { type Role, roleNames } from '../../contract/permissions.ts';
import { Problem } from '../problem.ts';
import { seal, unseal } from '../sealed.ts';

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Where the provider sends people back to: the pages' `/login/oidc/callback`, as it is reached from outside. */
  redirectUrl: string;
  /** The claim that names somebody; it is unique at the provider. */
  nameClaim: string;
  /** The claim whose values lead to roles: a text or a list. */
  rolesClaim: string;
  /** `admin=ops-leads operator=sre,on-call viewer=*`. */
  roles: string;
}

/** Whom the provider has vouched for. */
export interface OidcIdentity {
  name: string;
  /** Never given to another person: issuer and subject. */
  subject: string;
  role: Role;
}

/** What the configuration says of it; undefined where it says nothing. */
export function oidcSettingsOf(config: {
  TWOLANE_OIDC_ISSUER?: string | undefined;
  TWOLANE_OIDC_CLIENT_ID?: string | undefined;
  TWOLANE_OIDC_CLIENT_SECRET?: string | undefined;
  TWOLANE_OIDC_REDIRECT_URL?: string | undefined;
  TWOLANE_OIDC_ROLES?: string | undefined;
  TWOLANE_OIDC_CLAIM: string;
  TWOLANE_OIDC_NAME_CLAIM: string;
}): OidcSettings | undefined {
  const { TWOLANE_OIDC_ISSUER: issuer } = config;
  if (issuer === undefined) return undefined;
  return {
    issuer,
    clientId: config.TWOLANE_OIDC_CLIENT_ID ?? '',
    clientSecret: config.TWOLANE_OIDC_CLIENT_SECRET ?? '',
    redirectUrl: config.TWOLANE_OIDC_REDIRECT_URL ?? '',
    nameClaim: config.TWOLANE_OIDC_NAME_CLAIM,
    rolesClaim: config.TWOLANE_OIDC_CLAIM,
    roles: config.TWOLANE_OIDC_ROLES ?? '',
  };
}

export interface Oidc {
  /** Where to send the browser, and what it has to bring back: for a cookie of ten minutes. */
  begin(next: string): Promise<{ url: string; kept: string }>;
  /**
   * @param query of the request that the provider sent back
   * @throws Problem 401 `oidc_refused` when the answer does not belong to what was begun, 403 `no_role`, 503 `oidc_unreachable`
   */
  finish(query: string, kept: string | undefined): Promise<{ identity: OidcIdentity; next: string }>;
}

interface Begun {
  state: string;
  nonce: string;
  verifier: string;
  next: string;
  until: number;
}

const lifetimeMs = 10 * 60_000;

/** Nothing is asked of the provider before the first log-in. @throws TwolaneError `invalid_configuration` */
export function createOidc(settings: OidcSettings): Oidc {
  const { redirectUrl, clientSecret } = settings;
  const mapping = roleMapping(settings.roles);
  const provider = discovered(settings);
  return {
    async begin(next) {
      const { library, configuration } = await provider();
      const begun: Begun = {
        state: library.randomState(),
        nonce: library.randomNonce(),
        verifier: library.randomPKCECodeVerifier(),
        next,
        until: Date.now() + lifetimeMs,
      };
      const url = library.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUrl,
        scope: 'openid profile email',
        code_challenge: await library.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
        state: begun.state,
        nonce: begun.nonce,
      });
      return { url: url.href, kept: seal(JSON.stringify(begun), clientSecret) };
    },
    async finish(query, kept) {
      const begun = opened(kept, clientSecret);
      const { library, configuration } = await provider();
      const checks = { pkceCodeVerifier: begun.verifier, expectedState: begun.state, expectedNonce: begun.nonce };
      const answered = new URL(redirectUrl);
      answered.search = query;
      const tokens = await library.authorizationCodeGrant(configuration, answered, checks).catch((cause: unknown) => {
        throw refused('What came back from the log-in was not taken', cause);
      });
      const claims = tokens.claims();
      if (!claims) throw refused('The provider sent no identity');
      const identity = identityOf(claims, settings, mapping);
      return { identity, next: begun.next };
    },
  };
}

/** The library and what the provider says of itself; asked for again after a failure. */
function discovered({ issuer, clientId, clientSecret }: OidcSettings) {
  const load = async () => {
    const library = await import('openid-client');
    const url = new URL(issuer);
    const plain = url.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
    const execute = plain ? [library.allowInsecureRequests] : [];
    const configuration = await library.discovery(url, clientId, clientSecret, undefined, { execute, timeout: 10 });
    return { library, configuration };
  };
  let known: Promise<{ library: typeof import('openid-client'); configuration: Configuration }> | undefined;
  return () => {
    known ??= load().catch((cause: unknown) => {
      known = undefined;
      const detail = 'The provider of the log-in does not answer. Try again, or log in with a password.';
      throw new Problem(503, 'oidc_unreachable', 'Not now', detail, { cause });
    });
    return known;
  };
}

function opened(kept: string | undefined, secret: string): Begun {
  const text = kept === undefined ? undefined : unseal(kept, secret);
  const begun = text === undefined ? undefined : (JSON.parse(text) as Begun);
  if (!begun || begun.until < Date.now())
    throw refused('The log-in was not begun here, or took longer than ten minutes');
  return begun;
}

const refused = (why: string, cause?: unknown) =>
  new Problem(401, 'oidc_refused', 'Not logged in', `${why}. Begin again.`, { cause });

function identityOf(
  claims: Readonly<Record<string, unknown>> & { iss: string; sub: string },
  { nameClaim, rolesClaim }: OidcSettings,
  mapping: RoleMapping,
): OidcIdentity {
  const name = claims[nameClaim];
  if (typeof name !== 'string' || !/^[^\s]{1,64}$/.test(name))
    throw refused(`The provider sent no claim "${nameClaim}" of up to 64 characters without blanks`);
  const values = [claims[rolesClaim] ?? []].flat().map(String);
  const role = mapping.find(({ of }) => of.includes('*') || of.some((value) => values.includes(value)))?.role;
  if (role) return { name, subject: `${claims.iss}#${claims.sub}`, role };
  const detail = `${name} has no role here: no value of the claim "${rolesClaim}" is among those of TWOLANE_OIDC_ROLES.`;
  throw new Problem(403, 'no_role', 'Not allowed', detail);
}

type RoleMapping = readonly { role: Role; of: readonly string[] }[];

/** The mightiest role first. */
function roleMapping(text: string): RoleMapping {
  const parts = text.split(/\s+/).filter(Boolean);
  const mapping = parts.map((part) => {
    const [role = '', values = ''] = part.split(/=(.*)/s);
    const of = values.split(',').filter(Boolean);
    if ((roleNames as readonly string[]).includes(role) && of.length > 0) return { role: role as Role, of };
    const message = `TWOLANE_OIDC_ROLES: "${part}" is no mapping such as operator=sre,on-call; roles are ${roleNames.join(', ')}`;
    throw new TwolaneError('invalid_configuration', message);
  });
  return mapping.sort((a, b) => roleNames.indexOf(b.role) - roleNames.indexOf(a.role));
}
