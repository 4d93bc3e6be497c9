/** What every process of a chaos run is given. */
import { join } from 'node:path';
import type { StackUrls } from '../../scripts/stack/index.ts';

export const apiKey = 'chaos-key-of-at-least-32-characters';
export const prefix = 'chaos';

export function environmentFor(urls: StackUrls, folder: string): Record<string, string> {
  return {
    ...urls,
    TWOLANE_PREFIX: prefix,
    TWOLANE_SCHEMA: 'twolane',
    TWOLANE_FILES_DIR: join(folder, 'files'),
    TWOLANE_API_KEY: apiKey,
    TWOLANE_OPERATOR_PASSWORD: 'operator-password',
    TWOLANE_AVIF: 'false',
    TWOLANE_DRAIN_MS: '8000',
    TWOLANE_DATABASE_POOL: '8',
    TWOLANE_REALTIME_CONCURRENCY: '16',
    TWOLANE_BULK_CONCURRENCY: '16',
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'warn',
  };
}
