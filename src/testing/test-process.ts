/** One process of a test: the same core, worker and scheduler as in production, on the test's database, lanes and clock. */
import type { Config } from '../config.ts';
import type { AnyHandlers, Catalog, LaneName, Logger, Middleware, ScheduleDeclaration } from '../contract/index.ts';
import { type Core, createCore } from '../core.ts';
import type { MemoryLane } from '../lanes/memory/lane.ts';
import { createScheduler, createWorker } from '../processes.ts';
import type { EmbeddedDatabase } from './embedded-database.ts';
import { Gate } from './gate.ts';
import { processDatabase } from './process-database.ts';
import { processLane } from './process-lane.ts';
import type { Runs } from './runs.ts';
import { ProcessClock, type VirtualClock } from './virtual-clock.ts';

/** What all processes of a test share. */
export interface World {
  config: Config;
  catalog: Catalog;
  middleware: readonly Middleware[];
  schedules: readonly ScheduleDeclaration[];
  clock: VirtualClock;
  embedded: EmbeddedDatabase;
  lanes: Readonly<Record<LaneName, MemoryLane>>;
  runs: Runs;
  logger: Logger;
}

export class TestProcess {
  readonly core: Core;
  readonly gate: Gate;
  readonly #world: World;

  constructor(world: World) {
    const { config, catalog, logger, embedded, lanes } = world;
    const clock = new ProcessClock(world.clock);
    this.#world = world;
    this.gate = new Gate(clock);
    this.core = createCore({
      config,
      catalog,
      logger,
      clock,
      database: processDatabase(embedded, this.gate),
      lanes: { realtime: processLane(lanes.realtime, this.gate), bulk: processLane(lanes.bulk, this.gate) },
    });
  }

  async startScheduler(): Promise<void> {
    const { catalog, schedules } = this.#world;
    await createScheduler({ core: this.core, catalog, schedules }).start();
  }

  async startWorker(handlers: AnyHandlers): Promise<void> {
    const { config, catalog, middleware, runs } = this.#world;
    const watched = runs.watch(handlers, this.gate);
    await createWorker({ core: this.core, config, catalog, middleware, handlers: watched }, {}).start();
  }
}
