/** Where a changing request comes from. */
import type { Request } from 'express';
import { Problem } from '../src/http/problem.ts';

/**
 * Refuses requests that a page of another site has caused. Browsers always tell; programs may leave both headers out.
 * @throws Problem 403 `cross_site`.
 */
export function checkOrigin(req: Request): void {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && hostOf(origin) !== req.get('host'));
  if (foreign) throw new Problem(403, 'cross_site', 'Refused', 'The request came from a page of another site.');
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
