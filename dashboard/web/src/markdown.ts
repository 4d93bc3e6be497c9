/** As much of Markdown as the runbook uses: chapters, paragraphs, numbered steps, and bold, code, emphasis inside. Pure. */

export interface Inline {
  kind: 'text' | 'bold' | 'code' | 'em';
  text: string;
}

export type Block = { kind: 'text'; words: Inline[] } | { kind: 'steps'; steps: Inline[][] };

export interface Chapter {
  title: string;
  blocks: Block[];
}

/** Chapters begin with `## `; what stands before the first is the chapter without a title. */
export function chaptersOf(markdown: string): Chapter[] {
  return markdown
    .replace(/^# .*\n/u, '')
    .split(/^## /mu)
    .map((part, index) => {
      const [first = '', ...rest] = part.split('\n');
      const title = index === 0 ? '' : first.replace(/`/gu, '').trim();
      return { title, blocks: blocksOf(index === 0 ? part : rest.join('\n')) };
    });
}

function blocksOf(text: string): Block[] {
  return text
    .split(/\n\s*\n/u)
    .filter((block) => block.trim() !== '')
    .map((block): Block => {
      const joined = block.trim().replace(/\n\s*(?!\d+\. )/gu, ' ');
      if (!/^\d+\. /u.test(joined)) return { kind: 'text', words: wordsOf(joined) };
      return { kind: 'steps', steps: joined.split('\n').map((step) => wordsOf(step.replace(/^\d+\. /u, ''))) };
    });
}

const marks = /\*\*(.+?)\*\*|`([^`]+)`|\b_([^_]+)_\b|\[([^\]]+)\]\([^)]+\)/gu;

function wordsOf(text: string): Inline[] {
  const words: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(marks)) {
    const [all, bold, code, em, link] = match;
    if (match.index > at) words.push({ kind: 'text', text: text.slice(at, match.index) });
    // Bold text has code in it now and then.
    if (bold !== undefined) words.push({ kind: 'bold', text: bold.replace(/`/gu, '') });
    else if (code !== undefined) words.push({ kind: 'code', text: code });
    else if (em !== undefined) words.push({ kind: 'em', text: em });
    // Other pages of the documentation are not here, so that a link is its words.
    else if (link !== undefined) words.push({ kind: 'text', text: link });
    at = match.index + all.length;
  }
  if (at < text.length) words.push({ kind: 'text', text: text.slice(at) });
  return words;
}
