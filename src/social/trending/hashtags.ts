/**
 * The hashtags of a caption, after UAX #31, requirement R8 (extended hashtag identifiers): a start of #, ﹟ or ＃, then letters,
 * marks, digits, connectors and emoji. Without its optional + and -, as people know it from other products.
 */

/**
 * Not directly after a letter, digit, mark, `_`, `&` or `/`: parts of words, of entities and of addresses are no tags. The
 * asterisk and the signs themselves are emoji components in Unicode, and no part of a tag.
 */
const pattern =
  /(?<![\p{XID_Continue}&/#﹟＃])[#﹟＃]((?:(?![*#﹟＃])[\p{XID_Continue}\p{Extended_Pictographic}\p{Emoji_Component}])+)/gu;

/** Characters of one tag; a longer one is none. */
export const longestTag = 100;

/** Which of its looks a character is to have is a matter of fonts. */
const variation = /[\uFE0E\uFE0F]/gu;
/** Something beside digits, connectors and joiners. */
const meaningful = /[\p{L}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * Each tag once, in the order of the caption, without the sign and in the form under which it is counted: NFKC, lower case,
 * without variation selectors. Numbers alone are no tags.
 */
export function hashtags(caption: string): string[] {
  const found = caption.replaceAll(variation, '').normalize('NFKC').matchAll(pattern);
  const tags = [...found].map(([, tag = '']) => tag.toLowerCase().normalize('NFKC'));
  return [...new Set(tags.filter((tag) => meaningful.test(tag) && [...tag].length <= longestTag))];
}
