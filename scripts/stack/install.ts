/** Installs the programs that are missing, or says how to do without: `node --import tsx scripts/stack/install.ts [--for test]`. */
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { pathToFileURL } from 'node:url';
import { dockerUrls } from './docker.ts';
import { missingNeeds, type Need, type Purpose, packagesFor, purposes } from './needs.ts';
import { type Installer, installer } from './package-managers.ts';
import { StackError } from './program.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Makes sure that everything for the purpose is installed. `TWOLANE_INSTALL=yes|no` decides; unset, it asks on a
 * terminal and installs at once elsewhere.
 * @throws StackError that tells how to get the servers otherwise.
 */
export async function installMissing(purpose: Purpose, environment: Environment): Promise<void> {
  const missing = missingNeeds(purpose, environment);
  if (missing.every(({ optional }) => optional)) return;
  const terminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const how = environment.TWOLANE_INSTALL === 'no' ? 'TWOLANE_INSTALL is "no"' : installer(terminal);
  if (typeof how === 'string') throw new StackError(otherWays(missing, how));
  const packages = packagesFor(missing, how.manager);
  const ask = terminal && environment.TWOLANE_INSTALL !== 'yes';
  if (!(await agreed(how, packages, ask))) throw new StackError(otherWays(missing, 'you said no'));
  const [program, ...args] = how.command(packages);
  const run = spawnSync(program, args, { stdio: 'inherit' });
  const still = missingNeeds(purpose, environment).filter(({ optional }) => !optional);
  if (run.status !== 0 || still.length > 0) {
    throw new StackError(otherWays(still.length > 0 ? still : missing, 'the package manager failed, see above'));
  }
}

async function agreed(how: Installer, packages: readonly string[], ask: boolean): Promise<boolean> {
  const size = how.size(packages);
  console.log(`Twolane needs packages that are not installed: ${packages.join(' ')}${size ? ` (${size})` : ''}.`);
  console.log('They are installed without starting any server of their own.');
  if (!ask) return true;
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await prompt.question('Install them now? [Y/n] ');
  prompt.close();
  return /^(y(es)?)?$/i.test(answer.trim());
}

/** What to do without a package manager. */
export function otherWays(missing: readonly Need[], why: string): string {
  const required = missing.filter(({ optional }) => !optional);
  const titles = required.map(({ title }) => title);
  const others = required.filter(({ urlName }) => !urlName).map(({ title }) => title);
  const servers = missing.some(({ urlName }) => urlName);
  return [
    `Not installed: ${titles.join(', ')}. Twolane does not install it: ${why}.`,
    ...(servers ? ['Docker gives all three servers:', '', ...dockerLines(), ''] : []),
    ...(others.length > 0 ? [`Please install with your system's package manager: ${others.join(', ')}.`] : []),
  ].join('\n');
}

function dockerLines(): string[] {
  const urls = Object.entries(dockerUrls).map(([name, url]) => `  export ${name}=${url}`);
  return ['  docker compose -f deploy/compose.yaml up -d --wait', ...urls];
}

/** `--for test`, `--for start`; start when absent. */
function purposeOf(args: readonly string[]): Purpose {
  const given = args[args.indexOf('--for') + 1];
  return args.includes('--for') ? (purposes.find((purpose) => purpose === given) ?? 'start') : 'start';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await installMissing(purposeOf(process.argv.slice(2)), process.env).catch((error: Error) => {
    console.error(error instanceof StackError ? error.message : error);
    process.exitCode = 1;
  });
}
