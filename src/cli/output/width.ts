/** How many columns of a terminal a text takes, and cutting it to so many. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
const escapes = /\u001b\[[0-9;]*m/g;
/** East Asian wide letters and pictures take two columns; joiners and marks none. */
const wide =
  /\p{Extended_Pictographic}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
const none = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const plain = /^[\x20-\x7e]*$/;

/** Columns of a text; escape sequences take none. */
export function widthOf(text: string): number {
  const bare = text.replace(escapes, '');
  if (plain.test(bare)) return bare.length;
  return [...bare].reduce((sum, letter) => sum + columnsOf(letter), 0);
}

function columnsOf(letter: string): number {
  if (none.test(letter)) return 0;
  return wide.test(letter) && !/[0-9#*©®]/.test(letter) ? 2 : 1;
}

/** The text on one line, with `…` where it had to be cut. It must not be styled yet. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const letter of text) {
    width += columnsOf(letter);
    if (width > columns - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

/** What a terminal must not be told by data: line breaks and control characters become blanks. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Fills a text up with blanks. */
export function pad(text: string, columns: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return right ? blanks + text : text + blanks;
}
