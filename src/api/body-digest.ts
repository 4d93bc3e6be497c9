/** The digest of a body that its header announces (RFC 9530): `Content-Digest`, or `Repr-Digest`, which is the same of a request. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const algorithms: Readonly<Record<string, string>> = { 'sha-256': 'sha256', 'sha-512': 'sha512' };

/**
 * Hashes what passes, if there is a digest of a kind that we know.
 * @returns to be asked when all of the body has been read: whether it is the announced one
 */
export function digestCheck(req: IncomingMessage): () => boolean {
  const announced = ['content-digest', 'repr-digest'].flatMap((name) => digestsOf(req.headers[name]));
  const checks = announced.map(({ algorithm, value }) => ({ hash: createHash(algorithm), value }));
  if (checks.length > 0)
    req.on('data', (chunk: Buffer) => {
      for (const { hash } of checks) hash.update(chunk);
    });
  return () => checks.every(({ hash, value }) => hash.digest('base64') === value);
}

/** A dictionary of byte sequences: `sha-256=:…:, sha-512=:…:`. Other algorithms are passed over, as the RFC wants it. */
function digestsOf(header: string | string[] | undefined): { algorithm: string; value: string }[] {
  return [...String(header ?? '').matchAll(/([a-z0-9-]+)=:([A-Za-z0-9+/=]*):/g)].flatMap(
    ([, name = '', value = '']) => {
      const algorithm = algorithms[name];
      return algorithm ? [{ algorithm, value }] : [];
    },
  );
}
