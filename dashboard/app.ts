/** The dashboard as one Express router for any path: login, the gate, data calls, bull-board and the operator's pages. */
import { fileURLToPath } from 'node:url';
import { type Response, Router } from 'express';
import type { Authenticate } from '../src/http/auth/authenticate.ts';
import { answerProblem } from '../src/http/errors.ts';
import { router as routeTable } from '../src/http/router.ts';
import { gate, operatorOf } from './access.ts';
import { boardRouter } from './bull-board/board.ts';
import type { DashboardDeps } from './deps.ts';
import { OverviewFeed } from './feed.ts';
import { loginRouter, logoutRouter } from './login.ts';
import { overviewReader } from './overview.ts';
import { pagesRouter } from './pages.ts';
import { dashboardRoutes } from './routes.ts';
import { boardHeaders, strictHeaders } from './security.ts';

/**
 * Builds the dashboard: `app.use('/ops', dashboardRouter(deps))`. Everything but the login page and its style sheet is
 * behind the gate. Needs the built pages (`npx vite build dashboard/web`); without them they answer 503 and say so.
 */
export function dashboardRouter(deps: DashboardDeps): Router {
  const webRoot = deps.webRoot ?? fileURLToPath(new URL('./web/dist', import.meta.url));
  const services = { ...deps, feed: new OverviewFeed(overviewReader(deps)) };
  const router = Router();
  router.use('/queues', boardHeaders);
  router.use(/^(?!\/queues(\/|$))/, strictHeaders);
  router.use(loginRouter(deps, webRoot));
  router.use(gate(deps));
  router.use(logoutRouter(deps));
  router.use('/queues', boardRouter(deps));
  router.use(routeTable(dashboardRoutes(services), { authenticate, logger: deps.logger, readOnly: deps.readOnly }));
  router.use(pagesRouter(webRoot));
  router.use(answerProblem(deps.logger));
  return router;
}

/** The gate has already found out who is asking. */
const authenticate: Authenticate = async (req) => {
  const { name, permissions } = operatorOf(req.res as Response);
  return { kind: 'operator', name, scopes: permissions };
};
