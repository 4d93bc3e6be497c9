/**
 * The code blocks of the documentation, so that tests can run them. A comment tells what a reader of the page is supposed
 * to have, one declaration a line: `<!-- given` with TypeScript up to `-->`. `<!-- file: jobs/x.job.ts -->` before a block
 * says that it is a whole file. Neither is shown to readers.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

export interface Snippet {
  /** The page and the line of the block's first line of code. */
  place: string;
  language: string;
  code: string;
  given: string;
  file: string | undefined;
}

/** All blocks of a page, in their order. @param page path from the root of the repository */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(join(repository, page), 'utf8');
  const given = [...text.matchAll(/^<!-- given\n([\s\S]*?)^-->$/gm)].map(([, lines]) => lines).join('');
  return [...text.matchAll(/(?:^<!-- file: (\S+) -->\s*)?^```(\w+)\n([\s\S]*?)^```$/gm)].map((block) => {
    const [whole, file, language = '', code = ''] = block;
    const line = text.slice(0, block.index + whole.indexOf('```')).split('\n').length + 1;
    return { place: `${page}:${line}`, language, code, given, file };
  });
}
