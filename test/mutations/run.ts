/**
 * `npm run test:mutations`: shows that the tests can fail. Each mutation is made in a copy of the tree, and the test that
 * concerns it must go red; before, all of these tests must be green (`-- --mutated-only` takes that for known). `-- --only fence`
 * runs those whose names have the word.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutation, mutations } from './mutations.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of what git knows, with the libraries of this tree but for one. */
function copyTree({ change, library }: Mutation): string {
  const folder = mkdtempSync(join(tmpdir(), 'twolane-mutation-'));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository });
  for (const file of listed.toString().trim().split('\n')) cpSync(join(repository, file), join(folder, file));
  linkLibraries(folder, library);
  if (change) {
    const file = join(folder, change.file);
    const before = readFileSync(file, 'utf8');
    if (!before.includes(change.find)) throw new Error(`${change.file} does not hold: ${change.find}`);
    writeFileSync(file, before.replace(change.find, change.replace));
  }
  return folder;
}

function linkLibraries(folder: string, library?: string): void {
  const from = join(repository, 'node_modules');
  const to = join(folder, 'node_modules');
  mkdirSync(to);
  const other = library?.replace(/@[^@]+$/, '');
  for (const name of readdirSync(from)) if (name !== other) symlinkSync(join(from, name), join(to, name));
  if (!library || !other) return;
  const place = join(folder, 'other-library');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', library], {
    cwd: place,
    stdio: 'ignore',
  });
  symlinkSync(join(place, 'node_modules', other), join(to, other));
}

/** Runs the test of a mutation. True: green. */
function isGreen({ project, test, named }: Mutation, cwd: string): Promise<boolean> {
  const args = ['vitest', 'run', '--project', project, test, '--retry', '0', ...(named ? ['-t', named] : [])];
  return new Promise((resolve, reject) => {
    execFile('npx', args, { cwd, maxBuffer: 1e9 }, (error, output) => {
      if (!/Tests .*\d+ (passed|failed)/.test(output)) reject(new Error(`No test of ${test} has run:\n${output}`));
      else resolve(error === null);
    });
  });
}

async function check(mutation: Mutation): Promise<boolean> {
  const folder = copyTree(mutation);
  try {
    const seen = !(await isGreen(mutation, folder));
    console.log(`${seen ? 'seen  ' : 'UNSEEN'}  ${mutation.name}`);
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, 'mutated-only': { type: 'boolean', default: false } },
});
const chosen = mutations.filter(({ name, library }) => `${name} ${library}`.includes(values.only));
const green = new Set<string>();
let unseen = 0;
for (const mutation of chosen) {
  const asked = `${mutation.test} ${mutation.named}`;
  const known = green.has(asked) || values['mutated-only'];
  if (!known && !(await isGreen(mutation, repository))) throw new Error(`Red without a mutation: ${asked}`);
  green.add(asked);
  if (!(await check(mutation))) unseen += 1;
}
console.log(`${chosen.length - unseen} of ${chosen.length} mutations were seen`);
process.exit(unseen === 0 ? 0 : 1);
