/** Runs the programs of an example in a clean folder, with the package installed beside it as users have it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { repository, snippetsOf } from './snippets.ts';
import { until } from './stack.ts';

export interface Program {
  child: ChildProcess;
  /** All that it has written. */
  output(): string;
  /** Waits for something in its output and answers the match. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/** @param beside a folder whose `node_modules` has the package @returns the folder of the copy */
export async function copyExample(name: string, beside: string): Promise<string> {
  const folder = await mkdtemp(join(beside, `${name}-`));
  await cp(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), folder, { recursive: true });
  return folder;
}

/**
 * The scripts that a README tells to run, by their names, as words.
 * @param readme path from the root of the repository
 * @param manifest of the package whose scripts they are, beside the README
 * @throws when one does not exist, or is not what the README says behind `#`
 */
export function scriptsTypedIn(readme: string, manifest: string): Record<string, string[]> {
  const { scripts } = JSON.parse(readFileSync(join(repository, dirname(readme), manifest), 'utf8'));
  const lines = snippetsOf(readme).flatMap(({ language, code }) => (language === 'sh' ? code.split('\n') : []));
  const typed = lines.flatMap((line) => {
    const [, name, said = ''] = /^npm (?:run )?(start|(?<=run )[\w-]+)(?: +# (twolane [^:]*))?/.exec(line) ?? [];
    return name ? [{ name, said: said.trim() }] : [];
  });
  return Object.fromEntries(
    typed.map(({ name, said }) => {
      const script: string | undefined = scripts[name];
      if (!script?.startsWith(said)) throw new Error(`${readme} says ${name}: ${said}, but it is ${script}`);
      return [name, script.split(' ')];
    }),
  );
}

export class Programs {
  readonly #started: Program[] = [];
  readonly #environment: Record<string, string>;

  constructor(environment: Record<string, string>) {
    this.#environment = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment };
  }

  start(folder: string, command: string, ...args: string[]): Program {
    const child = spawn(command, args, { cwd: folder, env: this.#environment });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const program = {
      child,
      output: () => output,
      says: async (pattern: RegExp) =>
        until(`${args.join(' ')} says ${pattern}`, () => pattern.exec(output), { timeoutMs: 40_000 }).catch((error) => {
          throw new Error(`${error.message}; it says:\n${output}`);
        }),
      stop: () => stop(child),
    };
    this.#started.push(program);
    return program;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#started.map((program) => program.stop()));
  }
}

/** Asks first; a program that does not end in ten seconds is killed. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(patience);
}
