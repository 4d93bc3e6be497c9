/** The only reader of the environment: the settings, parsed once and frozen. */
import { hostname } from 'node:os';
import type { z } from 'zod';
import { TwolaneError } from './contract/errors.ts';
import { type Settings, settings } from './settings.ts';

/** Settings as an app gives them itself: the three servers, and what differs from the defaults. */
export type GivenSettings = Readonly<Pick<Settings, 'DATABASE_URL' | 'REDIS_URL' | 'AMQP_URL'> & Partial<Settings>>;
/** The settings, with what follows from them. */
export type Config = Readonly<Settings & { directUrl: string; feedRedisUrl: string; host: string }>;

/**
 * Parses settings, those of the environment by default; what is not a setting is passed over.
 * @throws TwolaneError `invalid_configuration` naming every setting that is missing or wrong.
 */
export function loadConfig(values: Readonly<Record<string, unknown>> = process.env): Config {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const parsed = settings.superRefine(wholeGroups).safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new TwolaneError('invalid_configuration', `The configuration does not fit:\n${lines.join('\n')}`);
  }
  const value = parsed.data;
  return Object.freeze({
    ...value,
    directUrl: value.DATABASE_DIRECT_URL ?? value.DATABASE_URL,
    feedRedisUrl: value.FEED_REDIS_URL ?? value.REDIS_URL,
    host: hostname(),
  });
}

/** Settings that mean something only together. */
const groups = [
  ['TWOLANE_VAPID_PUBLIC_KEY', 'TWOLANE_VAPID_PRIVATE_KEY', 'TWOLANE_VAPID_SUBJECT'],
  ['TWOLANE_SMTP_URL', 'TWOLANE_MAIL_FROM'],
  [
    'TWOLANE_OIDC_ISSUER',
    'TWOLANE_OIDC_CLIENT_ID',
    'TWOLANE_OIDC_CLIENT_SECRET',
    'TWOLANE_OIDC_REDIRECT_URL',
    'TWOLANE_OIDC_ROLES',
  ],
] as const;

function wholeGroups(given: Settings, context: z.RefinementCtx): void {
  for (const group of groups) {
    const missing = group.filter((name) => given[name] === undefined);
    if (missing.length === 0 || missing.length === group.length) continue;
    for (const name of missing)
      context.addIssue({ code: 'custom', path: [name], message: `goes together with ${group.join(', ')}` });
  }
}

/** What an app gave, parsed unless `loadConfig` has made it. */
export function configOf(given: Config | GivenSettings): Config {
  return 'directUrl' in given ? given : loadConfig(given);
}

/** The keys of Web Push; undefined without. */
export function pushSettingsOf({
  TWOLANE_VAPID_PUBLIC_KEY: publicKey,
  TWOLANE_VAPID_PRIVATE_KEY: privateKey,
  TWOLANE_VAPID_SUBJECT: subject,
}: Config) {
  return publicKey && privateKey && subject ? { publicKey, privateKey, subject } : undefined;
}

/** The environment that a child process of ours inherits: the same code, so the same settings. */
export function inheritedEnvironment(): Record<string, string | undefined> {
  return process.env;
}

/** Adds to this process's environment what is not set in it, before a module is loaded that reads its settings by itself. */
export function offerSettings(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) if (value !== undefined) process.env[name] ||= value;
}
