/** An installation for tests of the command line and the client, and command lines that run against it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/program.ts';
import { createClient, type TwolaneClient } from '../../src/client/index.ts';
import { apiKey, startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { cliOverrides } from './cli-jobs.ts';
import { type TestTerminal, testTerminal } from './terminal.ts';

export interface CliApp extends TestApp {
  /** Of its API, with all scopes. */
  client: TwolaneClient;
  /** Runs one command line against it, in this process. Words are divided by blanks, unless in quotes. */
  run(line: string, given?: Parameters<typeof testTerminal>[0]): Promise<{ code: number } & TestTerminal>;
  /** The same in a process of its own. */
  spawn(line: string): Promise<{ code: number; stdout: string; stderr: string }>;
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export async function startCliApp(options: TestAppOptions = {}): Promise<CliApp> {
  const app = await startTestApp({ settings: { TWOLANE_PRODUCT: 'none' }, overrides: cliOverrides, ...options });
  const environment = { ...app.environment, TWOLANE_URL: app.url, TWOLANE_API_KEY: apiKey };
  return {
    ...app,
    client: createClient({ url: app.url, key: apiKey }),
    async run(line, given) {
      const terminal = testTerminal({ environment, ...given });
      const code = await runCommandLine(wordsOf(line), terminal);
      return Object.assign(Object.create(terminal), { code });
    },
    async spawn(line) {
      const child = spawn(process.execPath, ['--import', 'tsx', main, ...wordsOf(line)], {
        env: { ...process.env, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr, [code]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, 'close'),
      ]);
      return { code: code as number, stdout, stderr };
    },
  };
}

/** What `--json` prints: a record a line. */
export function recordsOf(text: string) {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** As a shell would divide a plain command line. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
}
