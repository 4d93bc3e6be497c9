/** bull-board over the queues of both lanes, for any path; it stands behind the dashboard's gate. */
import { createBullBoard } from '@bull-board/api';
import type { UIConfig } from '@bull-board/api/typings/app';
import { Router } from 'express';
import { laneNames, queuePath, splitQueuePath } from '../../src/contract/words.ts';
import { operatorOf } from '../access.ts';
import { isOverTls } from '../cookie.ts';
import type { DashboardDeps } from '../deps.ts';
import { BoardActions } from './actions.ts';
import { boardHistory } from './history.ts';
import { LedgerAdapter } from './ledger-adapter.ts';
import { OfflineAdapter } from './offline-adapter.ts';
import { BoardReader } from './reader.ts';

/** The router for `/queues`. The path it is mounted at is only known with the first request, so the board is made then. */
export function boardRouter(deps: DashboardDeps): Router {
  const parts = { deps, reader: new BoardReader(deps.operations), actions: new BoardActions(deps) };
  const boards = new Map<string, Board>();
  const router = Router();
  router.use(async (req, res, next) => {
    const board = boards.get(req.baseUrl) ?? new Board(parts, req.baseUrl);
    boards.set(req.baseUrl, board);
    await board.refresh();
    const operator = operatorOf(res);
    // Its pages send the token of this cookie back with every change; see the gate.
    res.cookie('XSRF-TOKEN', operator.csrf, { path: req.baseUrl, sameSite: 'lax', secure: isOverTls(req) });
    parts.actions.as(operator, () => board.server.getRouter()(req, res, next));
  });
  return router;
}

interface BoardParts {
  deps: DashboardDeps;
  reader: BoardReader;
  actions: BoardActions;
}

class Board {
  readonly server: OfflineAdapter;
  readonly #parts: BoardParts;
  readonly #jobs: string;
  readonly #board: ReturnType<typeof createBullBoard>;
  #known = '';

  constructor(parts: BoardParts, basePath: string) {
    const { deps, actions } = parts;
    const opsPath = basePath.replace(/\/queues$/, '');
    this.#parts = parts;
    this.#jobs = `${opsPath}/jobs`;
    this.server = new OfflineAdapter();
    this.server.setBasePath(basePath);
    this.#board = createBullBoard({
      queues: [],
      serverAdapter: this.server,
      options: {
        uiConfig: uiConfig(deps.environment, opsPath),
        historyProvider: boardHistory(deps.operations),
        handlerHooks: { before: actions.allow },
        validateResponses: deps.environment !== 'production',
      },
    });
  }

  /** Shows the queues of the catalog, and those that only the ledger knows by now. */
  async refresh(): Promise<void> {
    const { deps, reader, actions } = this.#parts;
    const defined = Object.values(deps.catalog).map((job) => queuePath(job.lane, job.queue));
    const stored = (await reader.queues()).map(({ lane, queue }) => queuePath(lane, queue));
    const paths = [...new Set([...defined, ...stored])].map(splitQueuePath);
    paths.sort((a, b) => laneNames.indexOf(a.lane) - laneNames.indexOf(b.lane) || a.queue.localeCompare(b.queue));
    const known = JSON.stringify(paths);
    if (known === this.#known) return;
    this.#known = known;
    const jobUrl = (id: string) => `${this.#jobs}/${id}`;
    this.#board.replaceQueues(
      paths.map(({ lane, queue }) => new LedgerAdapter(lane, queue, { reader, actions, jobUrl })),
    );
  }
}

function uiConfig(environment: string, opsPath: string): UIConfig {
  const icon = `${opsPath}/icon.svg`;
  return {
    boardTitle: 'Twolane queues',
    boardLogo: { path: icon, width: 28, height: 28 },
    favIcon: { default: icon, alternative: icon },
    miscLinks: [
      { text: 'Overview', url: `${opsPath}/` },
      { text: 'Jobs', url: `${opsPath}/jobs` },
      { text: 'Dead letters', url: `${opsPath}/dead` },
    ],
    environment: {
      label: environment,
      color: environment === 'production' ? '#b3261e' : '#0b7285',
      textColor: '#ffffff',
    },
    hideDocsLink: true,
    hideRedisDetails: true,
    sortQueues: false,
    overview: { groupByDelimiter: true },
  };
}
