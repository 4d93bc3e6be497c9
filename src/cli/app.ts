/** The Twolane that a command works with: the installation of this package. Loaded when it is needed, since it is large. */
import type { Twolane } from '../twolane.ts';

export interface AppChoice {
  environment: Record<string, string | undefined>;
  /** Names the process in its log. */
  name: string;
}

export async function openApp({ environment, name }: AppChoice): Promise<Twolane> {
  const { appFromEnvironment } = await import('../../workers/app.ts');
  return appFromEnvironment(name, environment);
}
