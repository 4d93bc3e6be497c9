/** Groups spelling variants: `valentineday` and `valentinesday` are one entry of the list. */

export interface Scored {
  tag: string;
  score: number;
  count: number;
}

/** Shorter tags are too easily one edit away from another word. */
const leastLength = 6;
const mostEdits = 2;

/**
 * One entry per group, the highest score first: it goes by the tag with the highest score, with the counts of all. Tags belong
 * together when two edits lead from one to the other and they hold the same digits (2024 is not 2028).
 */
export function grouped(tags: readonly Scored[]): Scored[] {
  const groups: { lead: Scored; members: Scored[] }[] = [];
  for (const scored of tags.toSorted((a, b) => b.score - a.score || (a.tag < b.tag ? -1 : 1))) {
    const group = groups.find(({ members }) => members.some(({ tag }) => isVariant(tag, scored.tag)));
    if (group) group.members.push(scored);
    else groups.push({ lead: scored, members: [scored] });
  }
  return groups.map(({ lead, members }) => ({ ...lead, count: members.reduce((sum, { count }) => sum + count, 0) }));
}

export function isVariant(a: string, b: string): boolean {
  const [one, other] = [[...a], [...b]];
  if (Math.min(one.length, other.length) < leastLength || Math.abs(one.length - other.length) > mostEdits) return false;
  if (a.replaceAll(/\P{N}/gu, '') !== b.replaceAll(/\P{N}/gu, '')) return false;
  return edits(one, other) <= mostEdits;
}

/** Levenshtein's distance. */
function edits(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, n) => n);
  for (const [i, letter] of a.entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row.at(-1) as number;
}
