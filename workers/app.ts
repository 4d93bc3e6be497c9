/** What every entry file starts from: the configuration, the log, the catalog, and the product that the environment names. */
import { catalogFor } from '../jobs/catalog.ts';
import { platformHandlers, socialHandlers } from '../jobs/handlers.ts';
import { schedules } from '../jobs/schedules.ts';
import { type Config, inheritedEnvironment, loadConfig, pushSettingsOf } from '../src/config.ts';
import type { Catalog } from '../src/contract/index.ts';
import { socialModule } from '../src/social/index.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createTwolane, type ProductParts, type Twolane, type TwolaneOptions } from '../src/twolane.ts';

/**
 * The installation that this repository is: the platform, and the social product unless TWOLANE_PRODUCT=none. The child
 * processes of isolated handlers call it too.
 */
export function createApp(config: Config, overrides: Partial<TwolaneOptions> = {}): Twolane {
  const catalog = overrides.catalog ?? (catalogFor(config.TWOLANE_PRODUCT) as Catalog);
  return createTwolane({
    config,
    catalog,
    handlers: platformHandlers,
    schedules: schedules.filter(({ definition }) => definition.type in catalog),
    product: config.TWOLANE_PRODUCT === 'social' ? (parts) => social(parts, config) : undefined,
    app: import.meta.url,
    ...overrides,
  });
}

function social(parts: ProductParts, config: Config) {
  const { product, services } = socialModule(parts, notificationSettings(config));
  return { product, handlers: socialHandlers(services) };
}

/** The channels whose settings are there; half of them is an error that `loadConfig` tells. */
function notificationSettings(config: Config) {
  const { TWOLANE_SMTP_URL: url, TWOLANE_MAIL_FROM: from, PUBLIC_URL: publicUrl } = config;
  return { push: pushSettingsOf(config), mail: url && from ? { url, from, publicUrl } : undefined };
}

/** The app of an entry file: configured from the environment, its log named after the role. */
export function appFromEnvironment(role: string, environment = inheritedEnvironment()): Twolane {
  const config = loadConfig(environment);
  return createApp(config, { logger: createLogger({ level: config.LOG_LEVEL, name: role }) });
}
