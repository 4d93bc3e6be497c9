/** One process of the chaos run: any role, either release, with a clock that its parent may move. Configured by the environment. */
import { catalogFor } from '../../jobs/catalog.ts';
import { platformHandlers } from '../../jobs/handlers.ts';
import { schedules } from '../../jobs/schedules.ts';
import { loadConfig } from '../../src/config.ts';
import type { Catalog, LaneName } from '../../src/contract/index.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createApp } from '../../workers/app.ts';
import { type Role, runRole } from '../../workers/roles.ts';
import { chaosCatalog, chaosHandlers, chaosSchedules, type Release } from './jobs.ts';

const { CHAOS_ROLE, CHAOS_LANE, CHAOS_RELEASE, CHAOS_DELIVERIES } = process.env;
const release = Number(CHAOS_RELEASE) as Release;
const config = loadConfig();
const twolane = createApp(config, {
  catalog: { ...(catalogFor('social') as Catalog), ...chaosCatalog(release) },
  handlers: (services) => ({
    ...(platformHandlers(services) as object),
    ...chaosHandlers(CHAOS_DELIVERIES ?? '', services),
  }),
  schedules: [...schedules, ...chaosSchedules],
  logger: createLogger({ level: config.LOG_LEVEL }),
});

/** Date alone: what the process measures with its monotonic clock goes on, as after a step of the system's clock. */
process.on('message', (message: { clockMs?: number }) => {
  if (message.clockMs !== undefined) moveClock(message.clockMs);
});

const RealDate = Date;
function moveClock(byMs: number): void {
  const now = () => RealDate.now() + byMs;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args) => (args.length === 0 ? new target(now()) : Reflect.construct(target, args)),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

// Whoever started it is gone, and nobody would ever end it.
process.on('disconnect', () => process.exit(1));
await runRole(twolane, CHAOS_ROLE as Role, CHAOS_LANE ? { lane: CHAOS_LANE as LaneName } : {});
process.send?.('ready');
