/** The version of this package, found by the package's own name: the sources and `dist` lie at different depths. */
import { createRequire } from 'node:module';

export const version: string = createRequire(import.meta.url)('twolane/package.json').version;
