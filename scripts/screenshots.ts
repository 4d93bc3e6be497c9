/**
 * `npm run screenshots`: the pictures of the operator pages in the README, taken of a small world that is alive. Starts Twolane with
 * servers and data of its own, seeds it, lets its people act, takes the pictures and removes all the rest again. A few minutes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { keptCredentials } from './run/credentials.ts';
import { repository } from './run/folder.ts';
import { runningUrls } from './stack/lock.ts';
import { freePort } from './stack/ports.ts';
import { untilAnswer } from './stack/wait.ts';

/** Long enough that the lines of the overview have a shape. */
const actingS = 100;
const mostBytes = 250_000;
const pictures = join(repository, 'docs', 'images');
const folder = await mkdtemp(join(tmpdir(), 'twolane-screenshots-'));
const port = await freePort();
const url = `http://127.0.0.1:${port}`;

/** A script of this repository in a process of its own, which tells what it does. */
function script(name: string, args: readonly string[], env: Record<string, string> = {}) {
  const command = ['--import', 'tsx', join('scripts', `${name}.ts`), ...args];
  return spawn(process.execPath, command, { cwd: repository, stdio: 'inherit', env: { ...process.env, ...env } });
}

async function toItsEnd(name: string, args: readonly string[], env: Record<string, string>): Promise<void> {
  const [code] = (await once(script(name, args, env), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`scripts/${name}.ts ended with ${code}`);
}

async function keep(page: Page, name: string): Promise<void> {
  const path = join(pictures, `${name}.png`);
  await page.screenshot({ path });
  const { size } = await stat(path);
  if (size > mostBytes) throw new Error(`${path} has ${size} bytes, more than ${mostBytes}`);
  console.info(`${path}: ${Math.round(size / 1_000)} KB`);
}

async function takePictures(): Promise<void> {
  await mkdir(pictures, { recursive: true });
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 980 }, colorScheme: 'light' });
    await page.goto(`${url}/ops/`);
    await page.getByLabel('Password').fill(keptCredentials(folder).operatorPassword ?? '');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByText(/live, \d+ s ago/).waitFor();
    await page.getByRole('heading', { name: /^All is well/ }).waitFor({ timeout: 60_000 });
    await keep(page, 'overview');
    await page.goto(`${url}/ops/jobs?type=process-image&state=succeeded`);
    await page.locator('tbody a[href^="jobs/"]').first().click();
    await page.getByRole('heading', { name: 'process-image' }).waitFor();
    await page.locator('main img').first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => undefined);
    await keep(page, 'job');
  } finally {
    await browser.close();
  }
}

const twolane = script('start', ['--folder', folder], { PORT: String(port), LOG_LEVEL: 'warn' });
try {
  const hopeless = () => (twolane.exitCode === null ? undefined : 'npm start ended by itself');
  const ready = async () => {
    if (!(await fetch(`${url}/readyz`)).ok) throw new Error('It is not ready');
  };
  await untilAnswer(ready, { timeoutMs: 180_000, everyMs: 300, hopeless });
  const servers = { ...runningUrls(folder), TWOLANE_API_KEY: keptCredentials(folder).apiKey ?? '' };
  const files = { TWOLANE_FILES_DIR: join(folder, 'files') };
  await toItsEnd('seed', ['--users', '300', '--photos', '12'], { ...servers, ...files });
  const acting = toItsEnd('traffic', ['--rate', '12', '--seconds', String(actingS + 30), '--url', url], servers);
  await new Promise((resolve) => setTimeout(resolve, actingS * 1_000));
  await takePictures();
  await acting;
} finally {
  twolane.kill('SIGINT');
  if (twolane.exitCode === null) await once(twolane, 'exit');
  await rm(folder, { recursive: true, force: true });
}
