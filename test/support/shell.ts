/** Shell blocks of the documentation, run as a reader would, but ended by the first command or answer that fails. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** curl answers 0 for a refusal unless it is told otherwise; its body tells what was refused. */
const strict = 'set -euo pipefail; curl() { command curl --fail-with-body "$@"; }';

export interface Shell {
  /** Added to the environment of this process. */
  environment?: Record<string, string>;
  folder?: string;
}

/** @returns what it printed. @throws Error with all output when a command fails */
export async function shell(code: string, { environment, folder }: Shell = {}): Promise<string> {
  const env = { ...process.env, ...environment };
  const { stdout } = await run('bash', ['-c', `${strict}\n${code}`], { env, cwd: folder, timeout: 60_000 }).catch(
    (error) => {
      throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
    },
  );
  return stdout;
}
