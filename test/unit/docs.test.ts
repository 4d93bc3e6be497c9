/** The documentation as a whole: links lead somewhere, and the site lists every page. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pages } from '../../docs/.vitepress/pages.ts';

const root = resolve(import.meta.dirname, '../..');
const docs = join(root, 'docs');
const notes = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md') && !/^(\.vitepress|node_modules)\//.test(name))
  .map((name) => join(docs, name));

/** The address of a heading, as GitHub and VitePress make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[`*_]/g, '')
    .replaceAll(/[^\p{L}\p{N} -]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading as string));

/** Links within the repository that lead nowhere. */
function deadLinks(file: string): string[] {
  const text = readFileSync(file, 'utf8').replaceAll(/```[\s\S]*?```/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = '']) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? file : join(dirname(file), path);
    const fine = existsSync(target) && (anchor === undefined || anchorsOf(target).includes(anchor));
    return fine ? [] : [`${file.slice(root.length + 1)}: ${link}`];
  });
}

describe('The documentation', () => {
  it('has no link that leads nowhere', () => {
    const files = [
      ...notes,
      ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].map((name) => join(root, name)),
    ];
    expect(files.length).toBeGreaterThan(30);
    expect(files.flatMap(deadLinks)).toEqual([]);
  });

  it('lists every page in the sidebar of its site', () => {
    const listed = pages.flatMap(({ items }) => items.map(({ link }) => `${link.slice(1)}.md`));
    const there = readdirSync(docs).filter((name) => name.endsWith('.md') && name !== 'index.md');
    expect(listed.toSorted()).toEqual(there.toSorted());
  });
});
