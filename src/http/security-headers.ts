/** The headers that every answer carries: nothing may be loaded, framed or sniffed beyond what our own pages need. */
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Helmet with a policy without inline code and without other hosts, but for pictures from `files`, the URL under which
 * files are published. HSTS only when `tls`, since plain HTTP ignores it.
 */
export function securityHeaders({ tls, files }: { tls: boolean; files?: string }): RequestHandler {
  const elsewhere = files === undefined ? [] : [new URL(files).origin];
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:', ...elsewhere],
        mediaSrc: ["'self'", 'blob:', ...elsewhere],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    strictTransportSecurity: tls ? { maxAge: 31_536_000 } : false,
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
