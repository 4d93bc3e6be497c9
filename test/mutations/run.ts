/**
 * `npm run test:mutations`: shows that the tests can fail. Each mutation is made in a copy of the tree, and the test that
 * concerns it must go red; before, all of these tests must be green (`-- --mutated-only` takes that for known). `-- --only fence`
 * runs those whose names have the word.
 */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Mutation, mutations } from './mutations.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of what git knows, on the same disk, so that the libraries can be linked instead of copied. */
function copyTree({ change, library }: Mutation): string {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(repository, '.cache/mutation-'));
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository });
  for (const file of listed.toString().trim().split('\n')) cpSync(join(repository, file), join(folder, file));
  execFileSync('cp', ['-al', join(repository, 'node_modules'), folder]);
  if (library) install(folder, library);
  if (change) {
    const file = join(folder, change.file);
    const before = readFileSync(file, 'utf8');
    if (!before.includes(change.find)) throw new Error(`${change.file} does not hold: ${change.find}`);
    writeFileSync(file, before.replace(change.find, change.replace));
  }
  return folder;
}

/** Puts another release of a library in its place, with what it needs itself inside of it. */
function install(folder: string, library: string): void {
  const place = join(folder, 'other-library');
  mkdirSync(place);
  writeFileSync(join(place, 'package.json'), '{ "private": true }');
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', library];
  execFileSync('npm', args, { cwd: place, stdio: 'ignore' });
  const name = library.replace(/@[^@]+$/, '');
  const target = join(folder, 'node_modules', name);
  rmSync(target, { recursive: true });
  renameSync(join(place, 'node_modules', name), target);
  renameSync(join(place, 'node_modules'), join(target, 'node_modules'));
}

/** Runs the test of a mutation. True: green. */
function isGreen({ project, test, named }: Mutation, cwd: string): Promise<boolean> {
  const args = [
    join(repository, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    project,
    test,
    '--retry',
    '0',
    ...(named ? ['-t', named] : []),
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1e9 }, (error, output, complaints) => {
      if (!/Tests .*\d+ (passed|failed)/.test(output))
        reject(new Error(`No test of ${test} has run:\n${output}${complaints}`));
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
