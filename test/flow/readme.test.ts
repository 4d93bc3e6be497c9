/** The README, walked through in a copy of the repository: its calls, its job in three steps, what it says they print. */
import type { ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ended, launch } from '../../scripts/stack/launch.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { wordsOf } from '../support/cli-app.ts';
import { shell } from '../support/shell.ts';
import { repository, type Snippet, snippetsOf } from '../support/snippets.ts';
import { freshDatabase, freshPrefix, testUrls, until } from '../support/stack.ts';
import { testTerminal } from '../support/terminal.ts';

const snippets = snippetsOf('README.md');
const firstMinutes = snippetsOf('docs/first-five-minutes.md');
/** The runbook is one of the operator's pages. */
const copied = ['package.json', 'tsconfig.json', 'src', 'jobs', 'workers', 'dashboard', 'scripts', 'docs/runbook.md'];

/** The block that holds this text. */
function blockWith(text: string): Snippet {
  const found = snippets.find(({ code }) => code.includes(text));
  if (!found) throw new Error(`No block of the README has ${text}`);
  return found;
}

let folder = '';
let database: Awaited<ReturnType<typeof freshDatabase>>;
let start: ChildProcess;
let url = '';
let environment: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twolane-readme-'));
  for (const name of copied) await cp(join(repository, name), join(folder, name), { recursive: true });
  await symlink(join(repository, 'node_modules'), join(folder, 'node_modules'));
  for (const snippet of snippets) if (snippet.file) await putDown(snippet as Snippet & { file: string });
  database = await freshDatabase();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  environment = {
    ...testUrls(),
    DATABASE_URL: database.url,
    TWOLANE_PREFIX: freshPrefix(),
    PORT: `${port}`,
    LOG_LEVEL: 'error',
  };
  start = launch({
    program: 'npm',
    args: ['start', '--silent'],
    cwd: folder,
    environment,
    log: join(folder, 'start.log'),
  });
  const ready = () =>
    fetch(`${url}/readyz`).then(
      (answer) => answer.status === 200,
      () => false,
    );
  await until('npm start is ready', ready, { timeoutMs: 90_000, everyMs: 200 });
}, 120_000);

afterAll(async () => {
  start?.kill('SIGTERM');
  if (start) await ended(start);
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

/** Writes a whole file, or adds the lines of a diff where its unchanged lines are. */
async function putDown({ file, language, code }: Snippet & { file: string }): Promise<void> {
  const path = join(folder, file);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, language === 'diff' ? added(await readFile(path, 'utf8'), code, file) : code);
}

function added(text: string, diff: string, file: string): string {
  const lines = text.split('\n');
  let at = 0;
  let pending: string[] = [];
  for (const line of diff.split('\n').filter((each) => each !== '' && each.trim() !== '…')) {
    if (line.startsWith('+')) {
      pending.push(line.slice(1));
      continue;
    }
    const found = lines.indexOf(line.slice(1), at);
    if (found === -1) throw new Error(`${file} has no line${line} any more: mend the README`);
    lines.splice(found, 0, ...pending);
    at = found + pending.length + 1;
    pending = [];
  }
  return lines.join('\n');
}

/** As the reader has it: this server instead of the default port, pictures in this folder. */
const here = (code: string) => code.replace('http://127.0.0.1:3000', url).replaceAll('/tmp/', `${folder}/`);

describe('The README', { timeout: 120_000 }, () => {
  it('uploads a photo, posts it, and finds it in the feed of a follower', async () => {
    const [upload, post] = [blockWith('KEY=$(npm run -s credentials'), blockWith('/v1/users/ana/follow')];
    const printed = await shell(`${here(upload.code)}\n${post.code}\nas leo $URL/v1/feed; echo "$MEDIA $KEY"`, {
      folder,
    });
    const [media, key] = printed.trim().split('\n').at(-1)?.split(' ') ?? [];
    expect(printed).toContain('"state":"processing"');
    const feed = async () => {
      const answer = await fetch(`${url}/v1/feed`, {
        headers: { authorization: `Bearer ${key}`, 'x-acting-user': 'leo' },
      });
      return ((await answer.json()) as { items: { caption: string; media: { id: string; state: string }[] }[] })
        .items[0];
    };
    const item = await until('the post is in the feed', feed, { timeoutMs: 60_000 });
    expect(item).toMatchObject({ caption: 'Hello', media: [{ id: media, state: 'ready' }] });
  });

  it('adds a job in three steps, and prints the result that it promises', async () => {
    const call = blockWith('"type": "extract-hashtags"');
    const promised = snippets[snippets.indexOf(call) + 1]?.code;
    const setUp = here(blockWith('KEY=$(npm run -s credentials').code).split('\n\n')[0];
    const ask = call.code.trim().split('\n').at(-1);
    const patient = `until [ "$(${ask})" != undefined ]; do sleep 0.1; done`;
    const printed = await shell(`${setUp}\n${call.code.replace(`${ask}`, `${patient}\n${ask}`)}`, { folder });
    expect(printed).toBe(promised);
  });

  it('makes a small world and keeps it alive, and shows it on a page', async () => {
    const small = here(blockWith('npm run seed').code)
      .replace('20000', '30 --photos 2')
      .replace('--seconds 600', '--seconds 3');
    const printed = await shell(small, { folder, environment });
    expect(printed).toContain('31 people added');
    expect(printed).toMatch(/In all .*feeds read.* p99/);
    expect(printed).not.toContain('failed');
    expect((await fetch(`${url}/demo`)).status).toBe(200);
    const { items } = (await (await fetch(`${url}/v1/demo/people`)).json()) as { items: { username: string }[] };
    expect(items[0]?.username).toBe('star');
  });

  it('adds a second worker of the bulk lane', async () => {
    const key = (
      await shell(`${here(blockWith('KEY=$(npm run -s credentials').code).split('\n\n')[0]}\necho $KEY`, { folder })
    ).trim();
    const workers = async () => {
      const answer = await fetch(`${url}/v1/workers`, { headers: { authorization: `Bearer ${key}` } });
      return ((await answer.json()) as { items: { queues: { lane: string }[] }[] }).items;
    };
    const before = (await workers()).length;
    const args = ['-c', `exec ${blockWith('workers/bulk.ts').code}`];
    const second = launch({ program: 'bash', args, cwd: folder, environment, log: join(folder, 'second.log') });
    await until('there are two', async () => (await workers()).length > before, { timeoutMs: 40_000 }).finally(() =>
      second.kill('SIGTERM'),
    );
    await ended(second);
    expect(second.exitCode).toBe(0);
  });

  it('is followed by the first five minutes, whose command writes a job type', async () => {
    const [block] = firstMinutes.filter(({ code }) => code.includes('new job'));
    const bare = await mkdtemp(join(folder, 'new-job-'));
    for (const name of ['package.json', 'jobs'])
      await cp(join(repository, name), join(bare, name), { recursive: true });
    const terminal = testTerminal({ folder: bare });
    const line = block?.code.trim().replace('npm run -s twolane -- ', '') ?? '';
    expect({ line, code: await runCommandLine(wordsOf(line), terminal), said: terminal.stderr }).toMatchObject({
      code: 0,
    });
    expect(await readFile(join(bare, 'jobs/catalog.ts'), 'utf8')).toContain("'extract-hashtags': extractHashtags");
  });
});
