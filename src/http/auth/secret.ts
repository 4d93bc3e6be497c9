/** Secrets of our own making: random values that are shown once and kept as SHA-256. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits in base64url behind a prefix that tells secret scanners what they found. */
export function newSecret(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is stored in place of a secret. A plain hash is enough: nobody guesses 256 random bits. */
export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares two secrets in a time that does not tell how much of them is equal. */
export function sameSecret(one: string, other: string): boolean {
  return timingSafeEqual(sha256(one), sha256(other));
}
