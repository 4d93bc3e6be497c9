/** Sealing an answer that holds a secret: it is kept so that only who brings the same credential again can read it. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const saltBytes = 16;
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts under a key made of the credential, which is stored nowhere. Base64. */
export function seal(text: string, credential: string): string {
  const salt = randomBytes(saltBytes);
  const iv = randomBytes(ivBytes);
  const encrypt = createCipheriv(cipher, keyOf(credential, salt), iv);
  const sealed = Buffer.concat([encrypt.update(text, 'utf8'), encrypt.final()]);
  return Buffer.concat([salt, iv, encrypt.getAuthTag(), sealed]).toString('base64');
}

/** Undefined for another credential. */
export function unseal(sealed: string, credential: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64');
  const salt = bytes.subarray(0, saltBytes);
  const iv = bytes.subarray(saltBytes, saltBytes + ivBytes);
  const tag = bytes.subarray(saltBytes + ivBytes, saltBytes + ivBytes + tagBytes);
  const decrypt = createDecipheriv(cipher, keyOf(credential, salt), iv, { authTagLength: tagBytes });
  decrypt.setAuthTag(tag);
  try {
    const text = decrypt.update(bytes.subarray(saltBytes + ivBytes + tagBytes), undefined, 'utf8');
    return text + decrypt.final('utf8');
  } catch {
    // The tag tells that this is another key; nothing of the text is of use then.
    return undefined;
  }
}

function keyOf(credential: string, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', credential, salt, 'twolane idempotent answer', 32));
}
