/** What may follow in the search box: words that stand before a colon, then the values that are known for one. Pure. */
import { jobStates } from '../../../src/contract/state.ts';
import { laneNames } from '../../../src/contract/words.ts';
import { qualifiers } from './filter-text.ts';

export interface Suggestion {
  /** The whole text of the box when it is chosen. */
  text: string;
  /** What is shown, and what it means. */
  shown: string;
  hint: string;
}

interface KnownType {
  type: string;
  lane: string;
  queue: string;
  description: string;
}

const most = 8;

/** Suggestions for the word at the end of what is typed. */
export function suggest(typed: string, types: readonly KnownType[]): Suggestion[] {
  const last = /\S*$/u.exec(typed)?.[0] ?? '';
  const before = typed.slice(0, typed.length - last.length);
  const [name = '', value] = last.split(':', 2);
  const found = value === undefined ? names(name) : values(name, value, types);
  return found.slice(0, most).map(({ word, hint }) => ({ text: before + word, shown: word, hint }));
}

interface Word {
  word: string;
  hint: string;
}

function names(begin: string): Word[] {
  const known = [...Object.entries(qualifiers), ['payload.', 'a field of the payload: payload.userId:42']];
  return known
    .filter(([name = '']) => name.startsWith(begin.toLowerCase()))
    .map(([name = '', hint = '']) => ({ word: name.endsWith('.') ? name : `${name}:`, hint }));
}

function values(name: string, begin: string, types: readonly KnownType[]): Word[] {
  const known: Record<string, readonly (readonly [string, string])[]> = {
    state: jobStates.map((state) => [state, '']),
    lane: laneNames.map((lane) => [lane, '']),
    type: types.map(({ type, description }) => [type, description]),
    name: types.map(({ type, description }) => [type, description]),
    queue: [...new Map(types.map(({ queue, lane }) => [queue, lane]))],
  };
  return (known[name] ?? [])
    .filter(([value]) => value.startsWith(begin) && value !== begin)
    .map(([value, hint]) => ({ word: `${name}:${value}`, hint }));
}
