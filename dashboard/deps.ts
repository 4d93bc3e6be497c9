/** What the dashboard is given: it builds nothing itself and works for any host application that can say who is asking. */
import type { Request } from 'express';
import type { AlertBook } from '../src/contract/alerts.ts';
import type { Queryable } from '../src/contract/database.ts';
import type { JobEvents } from '../src/contract/enqueuer.ts';
import type { FileStore } from '../src/contract/file-store.ts';
import type { Catalog } from '../src/contract/job.ts';
import type { Lane } from '../src/contract/lane.ts';
import type { Logger } from '../src/contract/logger.ts';
import type { MediaService } from '../src/contract/media.ts';
import type { MassOperations } from '../src/contract/operation.ts';
import type { Operations } from '../src/contract/operations.ts';
import type { Permission, Role } from '../src/contract/permissions.ts';
import type { Schedules } from '../src/contract/schedule.ts';
import type { Oidc } from '../src/http/auth/oidc.ts';
import type { OperatorIdentity, OperatorSessions } from '../src/http/auth/operator-sessions.ts';
import type { ProductModule } from '../src/http/route.ts';

/** Somebody whom the host application knows. */
export interface KnownOperator {
  /** For the audit. */
  name: string;
  /** `viewer` looks, `operator` acts on jobs, queues, schedules and alerts, `admin` may everything. Default `viewer`. */
  role?: Role;
  /** Instead of those of the role. */
  permissions?: readonly Permission[];
  /** Of its session, where it has one; the header `x-csrf-token` and the origin are checked anyway. */
  csrf?: string;
}

/** A person who may look at the dashboard. */
export interface Operator extends OperatorIdentity {
  /** The token of the login session; every changing request carries it in the header `x-csrf-token`. */
  csrf: string;
}

/** Tells who is asking; undefined: nobody who may see the pages. */
export type Authorize = (req: Request) => Promise<KnownOperator | undefined>;

export interface DashboardDeps {
  catalog: Catalog;
  operations: Operations;
  schedules: Schedules;
  massOperations: MassOperations;
  alerts: AlertBook;
  media: Pick<MediaService, 'poison' | 'views'>;
  /** Where pictures of media are, and whose room the overview shows. */
  files: Pick<FileStore, 'open' | 'freeBytes'>;
  product?: Pick<ProductModule, 'insight'> | undefined;
  events: JobEvents;
  lanes: readonly Lane[];
  /** Where the audit is written, and whose facts the overview shows. */
  db: Queryable;
  /** Lets a host application decide who is asking. Asked before our own sessions. */
  authorize?: Authorize;
  /** Our own login page and sessions. Without it, `authorize` alone decides. */
  login?: OperatorSessions;
  /** The way in by OpenID Connect, beside passwords. */
  oidc?: Oidc | undefined;
  /** Nobody changes anything here. */
  readOnly: boolean;
  /** `development`, `production`: shown on every page. */
  environment: string;
  /** Where a trace can be looked at, with `{traceId}` in its place. Without it the pages show the bare id. */
  traceUrl?: string | undefined;
  logger: Logger;
  /** Folder of the built pages. Default: `web/dist` beside this file, made by `npx vite build dashboard/web`. */
  webRoot?: string;
}
