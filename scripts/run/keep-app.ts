/** Starts the all-in-one process again when it asks to be replaced, or was killed; any other end is the end of everything. */
import { recycleExitCode } from '../../workers/exit-codes.ts';
import { type App, type AppOptions, startApp } from './app.ts';
import { deathCount } from './deaths.ts';

/**
 * Starts it now.
 * @param onEnd called with the reason when it does not come back
 * @param ending whether everything is being ended anyway
 */
export function keepApp(
  options: AppOptions,
  { onEnd, ending }: { onEnd(why: string): void; ending(): boolean },
): { readonly app: App } {
  const tooMany = deathCount();
  let app = startApp(options);
  const watch = () => {
    app.child.once('exit', (code, signal) => {
      if (ending()) return;
      const how = signal ?? `exit code ${code}`;
      if ((code !== recycleExitCode && signal !== 'SIGKILL') || tooMany())
        return onEnd(`Twolane ended by itself (${how}).`);
      console.error(`Twolane is started again (${how}).`);
      app = startApp(options, app.welcomeToken);
      watch();
    });
  };
  watch();
  return {
    get app() {
      return app;
    },
  };
}
