/** bull-board over the queues of both lanes, read-only, for any path; it stands behind the dashboard's gate. */
import { createBullBoard } from '@bull-board/api';
import type { BeforeHook, UIConfig } from '@bull-board/api/typings/app';
import { Router } from 'express';
import { laneNames, queuePath, splitQueuePath } from '../../src/contract/words.ts';
import type { DashboardDeps } from '../deps.ts';
import { LedgerAdapter } from './ledger-adapter.ts';
import { OfflineAdapter } from './offline-adapter.ts';
import { BoardReader } from './reader.ts';

/** The router for `/queues`. The path it is mounted at is only known with the first request, so the board is made then. */
export function boardRouter(deps: DashboardDeps): Router {
  const reader = new BoardReader(deps.operations);
  const boards = new Map<string, Board>();
  const router = Router();
  router.use(async (req, res, next) => {
    const board = boards.get(req.baseUrl) ?? new Board(deps, reader, req.baseUrl);
    boards.set(req.baseUrl, board);
    await board.refresh();
    board.server.getRouter()(req, res, next);
  });
  return router;
}

/** Whatever the page of bull-board offers, the server changes nothing through it. */
export const readOnly: BeforeHook = ({ method }) =>
  method === 'get' ? { allow: true } : { allow: false, status: 405, errorKey: 'ERRORS.QUEUE_READ_ONLY' };

class Board {
  readonly server: OfflineAdapter;
  readonly #deps: DashboardDeps;
  readonly #reader: BoardReader;
  readonly #jobs: string;
  readonly #board: ReturnType<typeof createBullBoard>;
  #known = '';

  constructor(deps: DashboardDeps, reader: BoardReader, basePath: string) {
    const opsPath = basePath.replace(/\/queues$/, '');
    this.#deps = deps;
    this.#reader = reader;
    this.#jobs = `${opsPath}/jobs`;
    this.server = new OfflineAdapter();
    this.server.setBasePath(basePath);
    this.#board = createBullBoard({
      queues: [],
      serverAdapter: this.server,
      options: {
        uiConfig: uiConfig(deps.environment, opsPath),
        handlerHooks: { before: readOnly },
        validateResponses: deps.environment !== 'production',
      },
    });
  }

  /** Shows the queues of the catalog, and those that only the ledger knows by now. */
  async refresh(): Promise<void> {
    const defined = Object.values(this.#deps.catalog).map((job) => queuePath(job.lane, job.queue));
    const stored = (await this.#reader.queues()).map(({ lane, queue }) => queuePath(lane, queue));
    const paths = [...new Set([...defined, ...stored])].map(splitQueuePath);
    paths.sort((a, b) => laneNames.indexOf(a.lane) - laneNames.indexOf(b.lane) || a.queue.localeCompare(b.queue));
    const known = JSON.stringify(paths);
    if (known === this.#known) return;
    this.#known = known;
    const jobUrl = (id: string) => `${this.#jobs}/${id}`;
    this.#board.replaceQueues(paths.map(({ lane, queue }) => new LedgerAdapter(lane, queue, this.#reader, jobUrl)));
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
