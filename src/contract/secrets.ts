/**
 * Secret fields of payloads: encrypted in every row and file, masked wherever a payload is shown, in clear for the handler alone.
 * A field that is encrypted is a text that says so of itself, so that whoever shows payloads can mask without knowing their type.
 */
import { z } from 'zod';
import type { JobDefinition } from './job.ts';
import { secretMask } from './secret-mask.ts';
import type { Json } from './words.ts';

const sealedPrefix = 'twolane:sealed:';

/** Encrypts and decrypts the secret fields of payloads. */
export interface SecretFields {
  /** The payload with its secret fields encrypted. `paths` are those of the definition. */
  seal(type: string, paths: readonly string[], payload: Json): Json;
  /** In clear. Throws TwolaneError `secret_unreadable` when the key is not among those of this process. */
  open(type: string, payload: Json): Json;
  /** Every text in a secret field, to be searched for in what is written down elsewhere. */
  textsOf(type: string, payload: Json): string[];
}

export const sealedText = (sealed: string) => `${sealedPrefix}${sealed}`;

/** What is behind the prefix; undefined for any other value. */
export function sealedIn(value: Json): string | undefined {
  return typeof value === 'string' && value.startsWith(sealedPrefix) ? value.slice(sealedPrefix.length) : undefined;
}

/** Every value inside, replaced by what `replace` answers unless that is undefined. The same object where nothing is. */
export function replaced(value: Json, replace: (value: Json) => Json | undefined): Json {
  const other = replace(value);
  if (other !== undefined) return other;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => replaced(inner, replace));
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, replaced(inner, replace)]));
}

/** As it may be shown. */
export const masked = (payload: Json): Json =>
  replaced(payload, (value) => (sealedIn(value) === undefined ? undefined : secretMask));

/**
 * The values at a path such as `card.number`, replaced where they are there and not null; a list on the way stands for each of
 * its entries.
 */
export function replacedAt(value: Json, path: readonly string[], replace: (value: Json) => Json): Json {
  const [name, ...rest] = path;
  if (value === null || value === undefined) return value;
  if (name === undefined) return replace(value);
  if (Array.isArray(value)) return value.map((inner) => replacedAt(inner, path, replace));
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return value;
  return { ...value, [name]: replacedAt(value[name] as Json, rest, replace) };
}

/** An edited payload whose masks are what the present payload has in their places. */
export function unmasked(edited: Json, present: Json | undefined): Json {
  if (edited === secretMask) return present ?? edited;
  if (typeof edited !== 'object' || edited === null) return edited;
  const at = (name: string | number) => (present as Record<string | number, Json> | null | undefined)?.[name];
  if (Array.isArray(edited)) return edited.map((inner, index) => unmasked(inner, at(index)));
  return Object.fromEntries(Object.entries(edited).map(([name, inner]) => [name, unmasked(inner, at(name))]));
}

/** What is wrong with the paths of a definition. */
export function secretsProblem({ secrets, payload }: Pick<JobDefinition, 'secrets' | 'payload'>): string | undefined {
  if (secrets === undefined) return undefined;
  const odd = secrets.find((path) => !/^[^.\s]+(\.[^.\s]+)*$/.test(path));
  if (odd !== undefined) return `secrets: "${odd}" is no path such as token or card.number`;
  const fields = payload instanceof z.ZodObject ? Object.keys(payload.shape) : undefined;
  const unknown = fields && secrets.find((path) => !fields.includes(path.split('.')[0] ?? ''));
  return unknown === undefined ? undefined : `secrets names "${unknown}", which the payload does not have`;
}
