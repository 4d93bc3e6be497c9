/** Passwords of the private servers and first credentials: made once, kept in files that only their owner can read. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** 192 random bits that need no quoting in URLs and configuration files. */
export function newSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** The text of a file that may not be there (any more). */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Writes a file that only its owner can read. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
}

/** The secret kept in `file`, made at the first call. */
export function keptSecret(file: string): string {
  const kept = readIfThere(file)?.trim();
  if (kept) return kept;
  const secret = newSecret();
  writePrivate(file, `${secret}\n`);
  return secret;
}
