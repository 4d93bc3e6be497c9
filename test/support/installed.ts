/** The package as users have it: waits until it is packed and installed, which goes on beside the first tests. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { outcomeFile } from './package.ts';
import { until } from './stack.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder in which the package is packed and installed. */
    packing: string;
  }
}

/** The tarball, and a folder outside of the repository in whose `node_modules` it is. */
export interface Installed {
  tarball: string;
  folder: string;
}

export async function installedPackage(): Promise<Installed> {
  const file = join(inject('packing'), outcomeFile);
  await until('the package is installed', () => existsSync(file), { timeoutMs: 300_000, everyMs: 250 });
  const outcome: Installed & { problem?: string } = JSON.parse(readFileSync(file, 'utf8'));
  if (outcome.problem) throw new Error(`The package could not be installed: ${outcome.problem}`);
  return outcome;
}
