/** Nothing stands in README and docs unproved: every block belongs to a test that runs or checks it, every command exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repository, type Snippet, snippetsOf } from '../support/snippets.ts';
import { complaintAbout } from '../support/typed.ts';

const examples = readdirSync(join(repository, 'examples')).map((name) => `examples/${name}/README.md`);
const docs = readdirSync(join(repository, 'docs')).map((name) => `docs/${name}`);
const pages = ['README.md', ...docs, ...examples].filter((name) => name.endsWith('.md'));

interface Claim {
  page: string;
  languages: readonly string[];
  /** The claim is for blocks that hold one of these; absent: for all of the languages. */
  with?: readonly string[];
  /** The file that runs or checks the block. It reads the page, so it names it, or the languages' test does. */
  by: string;
}

const claims: readonly Claim[] = [
  { page: 'docs/client.md', languages: ['ts'], by: 'test/flow/docs-client.test.ts' },
  { page: 'docs/jobs.md', languages: ['ts'], by: 'test/flow/docs-jobs.test.ts' },
  { page: 'docs/library.md', languages: ['ts'], by: 'test/examples/docs-library.test.ts' },
  { page: 'docs/library.md', languages: ['sh'], with: ['npx twolane'], by: 'test/examples/docs-library.test.ts' },
  ...pages
    .filter((page) => page !== 'docs/testing.md')
    .map((page) => ({ page, languages: ['ts'], by: 'test/unit/docs-types.test.ts' })),
  { page: 'README.md', languages: ['sh'], with: ['npm start', 'npm test'], by: '.ci/run' },
  { page: 'README.md', languages: ['sh', 'diff', 'text'], by: 'test/flow/readme.test.ts' },
  { page: 'docs/api.md', languages: ['jsonc'], by: 'test/unit/api-doc.test.ts' },
  { page: 'docs/access.md', languages: ['sh'], with: ['TWOLANE_OIDC'], by: 'test/flow/dashboard/access.test.ts' },
  { page: 'docs/access.md', languages: ['sh'], by: 'test/flow/docs-cli.test.ts' },
  { page: 'docs/cli.md', languages: ['sh', 'text'], by: 'test/flow/docs-cli.test.ts' },
  { page: 'docs/deploy.md', languages: ['sh'], by: 'test/unit/deploy.test.ts' },
  { page: 'docs/faults.md', languages: ['sh'], by: 'test/unit/faults-doc.test.ts' },
  { page: 'docs/first-five-minutes.md', languages: ['sh'], with: ['npm start'], by: '.ci/run' },
  { page: 'docs/first-five-minutes.md', languages: ['sh'], by: 'test/flow/readme.test.ts' },
  { page: 'docs/jobs.md', languages: ['sh'], by: 'test/flow/docs-jobs.test.ts' },
  ...examples.map((page) => ({
    page,
    languages: ['sh', 'python'],
    by: page.replace('/README.md', '.test.ts').replace('examples/', 'test/examples/'),
  })),
  { page: 'docs/moving.md', languages: ['js'], with: ['twolane/bullmq'], by: 'test/flow/moving/bullmq.test.ts' },
  { page: 'docs/moving.md', languages: ['js', 'sh'], by: 'test/unit/moving-doc.test.ts' },
  { page: 'docs/observability.md', languages: ['yaml', 'sh'], by: 'test/unit/deploy.test.ts' },
  { page: 'docs/operating.md', languages: ['sh', 'sql'], by: 'test/examples/docs-operating.test.ts' },
  { page: 'docs/media.md', languages: ['js'], with: ['new tus.Upload'], by: 'test/flow/docs-social.test.ts' },
  { page: 'docs/notifications.md', languages: ['sh'], by: 'test/flow/docs-social.test.ts' },
  { page: 'docs/social.md', languages: ['sh'], by: 'test/flow/docs-social.test.ts' },
  { page: 'docs/service.md', languages: ['sh', 'js', 'json', 'python'], by: 'test/flow/docs-service.test.ts' },
  { page: 'docs/testing.md', languages: ['ts'], by: 'test/unit/testing/docs.test.ts' },
  { page: 'docs/testing.md', languages: ['text'], by: 'test/unit/testing/test-twolane.test.ts' },
];

/** Blocks that nothing runs, each with the reason. */
const unproved: readonly { page: string; with: string; since: string }[] = [
  {
    page: 'docs/architecture.md',
    with: 'enqueue ──┬──',
    since: 'a picture; test/flow/state-moves.test.ts holds the moves',
  },
  { page: 'docs/jobs.md', with: '.job.ts        what it is called', since: 'a picture of folders' },
  {
    page: 'docs/library.md',
    with: 'npm install twolane',
    since: 'test/support/package.ts installs the packed package instead',
  },
  {
    page: 'docs/testing.md',
    with: 'npm install --save-dev',
    since: 'a registry answers it; this repository has it installed',
  },
];

const belongs = (snippet: Snippet, page: string, texts: readonly string[] | undefined) =>
  snippet.place.startsWith(`${page}:`) && (texts === undefined || texts.some((text) => snippet.code.includes(text)));
const claimOf = (snippet: Snippet) =>
  claims.find((claim) => claim.languages.includes(snippet.language) && belongs(snippet, claim.page, claim.with));

describe('README and docs', () => {
  const snippets = pages.flatMap(snippetsOf);

  it('show no block that no test runs or checks', () => {
    const free = snippets.filter(
      (snippet) => !claimOf(snippet) && !unproved.some((one) => belongs(snippet, one.page, [one.with])),
    );
    expect(free.map(({ place, language }) => `${place} (${language})`)).toEqual([]);
  });

  it('have tests for their blocks that exist and read the page, and no exemption too many', () => {
    for (const { page, languages, by } of claims) {
      expect(existsSync(join(repository, by)), by).toBe(true);
      const own = by !== '.ci/run' && languages[0] !== 'ts' && languages[0] !== 'jsonc';
      if (own) expect(readFileSync(join(repository, by), 'utf8'), `${by} reads ${page}`).toContain(page);
    }
    for (const { page, with: text } of unproved)
      expect(
        snippets.some((snippet) => belongs(snippet, page, [text])),
        `${page}: ${text}`,
      ).toBe(true);
  });

  it('name no command or option that does not exist', () => {
    const fenced = snippets
      .flatMap(({ code }) => code.split('\n'))
      .map((line) => line.replace(/^(npx |npm run -s (?=twolane -- ))/, '').replace(/^twolane -- /, 'twolane '));
    const inline = pages.flatMap((page) =>
      [...readFileSync(join(repository, page), 'utf8').matchAll(/`(?:npx )?(twolane [^`\n]+)`/g)].map(
        ([, line = '']) => line,
      ),
    );
    const lines = [...fenced, ...inline].filter((line) => line.startsWith('twolane ') && !/COMMAND/.test(line));
    expect(lines.length).toBeGreaterThan(40);
    expect(lines.flatMap((line) => complaintAbout(line) ?? [])).toEqual([]);
  });
});
