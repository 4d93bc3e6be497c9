/** The API as an Express router, for any app and any path. */
import express from 'express';
import type { MetricsOf } from '../contract/metrics.ts';
import { anonymous, bearerAuthentication } from '../http/auth/authenticate.ts';
import { createKeyRates } from '../http/auth/key-rates.ts';
import { requestLog } from '../http/context.ts';
import { crossOrigin } from '../http/cross-origin.ts';
import { nothingHere } from '../http/errors.ts';
import { idempotency } from '../http/idempotency.ts';
import { router } from '../http/router.ts';
import { securityHeaders } from '../http/security-headers.ts';
import type { ApiDeps, HealthDeps } from './deps.ts';
import { healthz, readyz } from './handlers/health.ts';
import { metricsPage } from './handlers/metrics.ts';
import { apiRoutes } from './routes.ts';

/**
 * Builds the router with its own log, security headers and error answers. Unknown paths under /v1 answer 404; others are
 * passed on, so that the dashboard or an app of yours can stand beside it. End the app with `nothingHere`.
 */
export function apiRouter(deps: ApiDeps): express.Router {
  const { config, db, tokens, metrics, tracer } = deps;
  const logger = deps.logger.child({ component: 'api' });
  const api = express.Router();
  api.use(requestLog(logger, { meter: metrics, tracer }));
  const foreignPages = crossOrigin(config.TWOLANE_CORS_ORIGINS);
  if (foreignPages.length > 0) api.use(['/v1', '/files', '/openapi.json'], ...foreignPages);
  api.use(securityHeaders({ tls: config.PUBLIC_URL?.startsWith('https:') ?? false, files: config.PUBLIC_URL }));
  api.use(
    router(apiRoutes(deps), {
      authenticate: bearerAuthentication(tokens, createKeyRates(db, logger)),
      logger,
      readOnly: config.TWOLANE_READ_ONLY,
      idempotency: idempotency({ db, logger }),
    }),
  );
  api.use('/v1', nothingHere);
  return api;
}

/** /healthz and /readyz alone, for a process without an API. */
export function healthRouter(deps: HealthDeps & Pick<ApiDeps, 'logger'>): express.Router {
  return router([healthz(), readyz(deps)], { authenticate: async () => anonymous, logger: deps.logger });
}

/** /metrics alone and without credentials, for a port that only operators reach. */
export function metricsRouter(
  { metrics, logger }: Pick<ApiDeps, 'metrics' | 'logger'>,
  of?: MetricsOf,
): express.Router {
  return router([metricsPage({ metrics }, 'open', of)], { authenticate: async () => anonymous, logger });
}
