/** Passwords of users and operators: argon2id with the library's defaults (19 MiB, 2 passes, 1 lane), which are OWASP's. */
import { hash, verify } from '@node-rs/argon2';

export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let decoy: Promise<string> | undefined;

/** Checks against a stored hash; without one it takes as long, so that time does not tell which names exist. */
export async function passwordFits(stored: string | null | undefined, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password');
  const fits = await verify(stored ?? (await decoy), password);
  return fits && typeof stored === 'string';
}
