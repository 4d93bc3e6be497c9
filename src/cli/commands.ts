/** Every command, in the order of the help. One file each under commands/. */
import type { Command } from 'commander';
import { allInOneCommand } from './commands/all-in-one.ts';
import { apiCommand } from './commands/api.ts';
import { bullmqCommand } from './commands/bullmq.ts';
import { celeryCommand } from './commands/celery.ts';
import { checkBacklogCommand } from './commands/check-backlog.ts';
import { completionCommand } from './commands/completion.ts';
import { credentialsCommand } from './commands/credentials.ts';
import { dashboardCommand } from './commands/dashboard.ts';
import { deadCommand } from './commands/dead/index.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enqueueCommand } from './commands/enqueue.ts';
import { gearmanCommand } from './commands/gearman.ts';
import { jobsCommand } from './commands/jobs/index.ts';
import { migrateCommand } from './commands/migrate.ts';
import { newCommand } from './commands/new.ts';
import { operationsCommand } from './commands/operations.ts';
import { operatorsCommand } from './commands/operators.ts';
import { keysCommand, typesCommand } from './commands/pauses.ts';
import { queuesCommand } from './commands/queues.ts';
import { schedulerCommand } from './commands/scheduler.ts';
import { schedulesCommand } from './commands/schedules/index.ts';
import { startCommand } from './commands/start.ts';
import { workerCommand } from './commands/worker.ts';
import { workersCommand } from './commands/workers.ts';
import type { Terminal } from './terminal.ts';

/** Adds one command, with its subcommands, to the program. */
export type AddCommand = (program: Command, terminal: Terminal) => void;

export const commands: readonly AddCommand[] = [
  startCommand,
  allInOneCommand,
  apiCommand,
  dashboardCommand,
  schedulerCommand,
  workerCommand,
  migrateCommand,
  credentialsCommand,
  operatorsCommand,
  bullmqCommand,
  celeryCommand,
  checkBacklogCommand,
  doctorCommand,
  gearmanCommand,
  enqueueCommand,
  jobsCommand,
  deadCommand,
  operationsCommand,
  queuesCommand,
  typesCommand,
  keysCommand,
  workersCommand,
  schedulesCommand,
  newCommand,
  completionCommand,
];
