/**
 * Tries every file of a folder on the whole pipeline, from the upload to the renditions, and says what became of them:
 * `npm run conformance:media -- FOLDER [--json FILE] [--at-once 4] [--patience 600]`. Ends with 1 when something crashed or hung.
 */
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Installation } from './installation.ts';
import { type Tried, table, verdictOf } from './verdicts.ts';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    'at-once': { type: 'string', default: '4' },
    patience: { type: 'string', default: '600' },
  },
});
const [folder] = positionals;
if (!folder) throw new Error('Which folder? Such as: npm run conformance:media -- ~/Pictures');

/** Seconds after which a file that has not ended counts as hung. */
const patienceMs = Number(options.patience) * 1_000;

async function attempt(installation: Installation, path: string): Promise<Omit<Tried, 'file' | 'bytes' | 'ms'>> {
  const crashes = installation.crashes;
  const answer = await installation.upload(path).catch(() => undefined);
  if (!answer) return { verdict: 'crashed', code: 'no_answer' };
  const { id, code } = (await answer.json()) as { id: string; code?: string };
  if (answer.status !== 202) return { verdict: answer.status < 500 ? 'refused' : 'crashed', code };
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; ) {
    const seen = await installation.look(id);
    if (seen && seen.state !== 'processing') {
      const ended = installation.crashes > crashes ? 'crash_loop' : seen.error?.code;
      return { verdict: verdictOf(ended), ...(ended && { code: ended }) };
    }
    await sleep(100);
  }
  return { verdict: 'hung' };
}

async function tryAll(installation: Installation, files: readonly string[]): Promise<Tried[]> {
  const waiting = [...files].reverse();
  const tried: Tried[] = [];
  const next = async () => {
    for (let path = waiting.pop(); path; path = waiting.pop()) {
      const startedAt = performance.now();
      const { size } = await stat(path);
      const file = relative(folder ?? '', path);
      tried.push({
        file,
        bytes: size,
        ...(await attempt(installation, path)),
        ms: Math.round(performance.now() - startedAt),
      });
      if (process.stderr.isTTY) process.stderr.write(`\r${tried.length} of ${files.length}`);
    }
  };
  await Promise.all(Array.from({ length: Number(options['at-once']) }, next));
  return tried.sort((a, b) => a.file.localeCompare(b.file));
}

const entries = await readdir(folder, { recursive: true, withFileTypes: true });
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
const installation = await Installation.start();
try {
  const tried = await tryAll(installation, files);
  console.log(`\n${table(tried)}`);
  if (options.json) await writeFile(options.json, JSON.stringify(tried, null, 2));
  if (installation.crashes > 0) console.log(`The process ended ${installation.crashes} times by itself.`);
  process.exitCode = installation.crashes > 0 || tried.some(({ verdict }) => /crashed|hung/.test(verdict)) ? 1 : 0;
} finally {
  await installation.stop();
}
