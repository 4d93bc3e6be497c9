/** Secret fields with AES-256-GCM: the first key encrypts, all of them read, so that a key can be replaced. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  type Catalog,
  type Json,
  replaced,
  replacedAt,
  type SecretFields,
  sealedIn,
  sealedText,
  TwolaneError,
} from '../contract/index.ts';

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;
/** Shorter texts would be found in any sentence. */
const shortestText = 4;

const cure = 'Set TWOLANE_SECRET_KEYS to 32 random bytes in base64: `openssl rand -base64 32` makes some.';

/**
 * @param keys base64, with commas between; the first one encrypts
 * @throws TwolaneError `no_secret_key` when a job type has secret fields and there is no key
 */
export function createSecretFields(keys: string, catalog: Catalog): SecretFields {
  const known = new Map(keysOf(keys).map((key) => [nameOf(key), key]));
  const [first] = known;
  const needed = Object.values(catalog).find(({ secrets }) => secrets);
  if (needed && !first)
    throw new TwolaneError('no_secret_key', `Job type "${needed.type}" has secret fields and there is no key. ${cure}`);
  const open = (type: string, payload: Json) =>
    replaced(payload, (value) => {
      const sealed = sealedIn(value);
      return sealed === undefined ? undefined : unseal(known, type, sealed);
    });
  return {
    seal(type, paths, payload) {
      if (!first) throw new TwolaneError('no_secret_key', `Job type "${type}" has secret fields. ${cure}`);
      const [name, key] = first;
      const sealed = (value: Json) => sealedText(`${name}:${seal(key, type, JSON.stringify(value))}`);
      return paths.reduce((partly, path) => replacedAt(partly, path.split('.'), sealed), payload);
    },
    open,
    textsOf(type, payload) {
      const texts: string[] = [];
      replaced(payload, (value) => {
        if (sealedIn(value) !== undefined) texts.push(...textsIn(open(type, value)));
        return undefined;
      });
      // The longest first: one may be a part of another.
      return texts.filter((text) => text.length >= shortestText).sort((a, b) => b.length - a.length);
    },
  };
}

function keysOf(keys: string): Buffer[] {
  return keys
    .split(',')
    .map((key) => key.trim())
    .filter((key) => key !== '')
    .map((key) => {
      const bytes = Buffer.from(key, 'base64');
      if (bytes.length === 32) return bytes;
      throw new TwolaneError('invalid_configuration', `TWOLANE_SECRET_KEYS: a key has ${bytes.length} bytes. ${cure}`);
    });
}

/** Tells keys apart without telling anything of them. */
const nameOf = (key: Buffer) => createHash('sha256').update(key).digest('hex').slice(0, 8);

/** Bound to the job type, so that it can't be read as a field of another. */
function seal(key: Buffer, type: string, text: string): string {
  const iv = randomBytes(ivBytes);
  const encrypt = createCipheriv(cipher, key, iv).setAAD(Buffer.from(type));
  const sealed = Buffer.concat([encrypt.update(text, 'utf8'), encrypt.final()]);
  return Buffer.concat([iv, encrypt.getAuthTag(), sealed]).toString('base64url');
}

function unseal(known: ReadonlyMap<string, Buffer>, type: string, text: string): Json {
  const [name = '', sealed = ''] = text.split(':');
  const key = known.get(name);
  const refuse = (why: string, cause?: unknown) => {
    const message = `A secret field of a ${type} job can not be read: ${why}`;
    return new TwolaneError('secret_unreadable', message, { cause });
  };
  if (!key) throw refuse(`TWOLANE_SECRET_KEYS has no key ${name}; add the one that it was written with`);
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decrypt = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes });
    decrypt.setAAD(Buffer.from(type)).setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    const clear = decrypt.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decrypt.final('utf8');
    return JSON.parse(clear) as Json;
  } catch (cause) {
    throw refuse('it was changed after it had been written', cause);
  }
}

function textsIn(value: Json): string[] {
  const texts: string[] = [];
  replaced(value, (inner) => {
    if (typeof inner === 'string') texts.push(inner);
    if (typeof inner === 'number') texts.push(String(inner));
    return undefined;
  });
  return texts;
}
