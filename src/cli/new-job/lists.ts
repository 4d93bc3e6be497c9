/** The two lines of a new job type, each put into its list as a person would. */
import { exitCodes } from '../exit-codes.ts';
import { CommandError } from '../failure.ts';

export interface Line {
  /** The job type; the name of the entry. */
  type: string;
  /** What the entry leads to. */
  value: string;
  /** Where that is imported from. */
  from: string;
}

/** Where the entries of a list begin. */
const openings = {
  catalog: /^(?:export )?const \w*(?:[cC]atalog|Jobs)\b[^\n]*= \{$/m,
  handlers:
    /^(?:export )?(?:async )?function \w*[hH]andlers\([\s\S]*?^\s*return \{$|^(?:export )?const \w*[hH]andlers\b[^\n]*= \{$/m,
} as const;

/**
 * The text with the entry as the first of its list, and the import in alphabetical order.
 * @throws CommandError when the list is not found, or holds the type already
 */
export function withLine(text: string, list: keyof typeof openings, line: Line, file: string): string {
  const opening = openings[list].exec(text);
  if (!opening) throw new CommandError(`${file} has no list that could take it: ${add(line)}`, exitCodes.refused);
  const at = opening.index + opening[0].length;
  const indent = /\n( *)[^\n]*$/.exec(`\n${opening[0]}`)?.[1] ?? '';
  const key = /^[a-z]\w*$/.test(line.type) ? line.type : `'${line.type}'`;
  if (new RegExp(`^ *${key.replaceAll("'", '[\'"]')}:`, 'm').test(text.slice(at)))
    throw new CommandError(`${file} has "${line.type}" already.`, exitCodes.refused);
  const entry = key === line.value ? `${key},` : `${key}: ${line.value},`;
  return withImport(`${text.slice(0, at)}\n${indent}  ${entry}${text.slice(at)}`, line);
}

const add = ({ type, value, from }: Line) =>
  `add \`'${type}': ${value}\` and import { ${value} } from '${from}' yourself.`;

function withImport(text: string, { value, from }: Line): string {
  const line = `import { ${value} } from '${from}';\n`;
  const imports = [...text.matchAll(/^import [^;]*? from '([^']+)';\n/gm)];
  const later = imports.find(([, source = '']) => source.startsWith('.') && rank(source) > rank(from));
  if (later) return text.slice(0, later.index) + line + text.slice(later.index);
  const last = imports.at(-1);
  const at = last ? last.index + last[0].length : afterHead(text);
  return text.slice(0, at) + line + text.slice(at);
}

/** Nearer files come later, then the alphabet decides. */
const rank = (source: string) => `${source.startsWith('../') ? 0 : 1} ${source.replace(/\.[jt]s$/, '')}`;

/** Behind the comment that a file opens with. */
function afterHead(text: string): number {
  return /^\/\*\*[\s\S]*?\*\/\n/.exec(text)?.[0].length ?? 0;
}
