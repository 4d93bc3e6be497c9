/** Colours, where standard output may have them, and none elsewhere. */
import { styleText } from 'node:util';
import type { Terminal } from '../terminal.ts';

type Format = Parameters<typeof styleText>[0];
export type Style = Record<'bold' | 'dim' | 'good' | 'bad' | 'warn' | 'busy', (text: string) => string>;

/** The formats by meaning. */
export function styleOf({ colour }: Pick<Terminal, 'colour'>): Style {
  const as = (format: Format) => (text: string) => (colour ? styleText(format, text, { validateStream: false }) : text);
  return {
    bold: as('bold'),
    dim: as('dim'),
    good: as('green'),
    bad: as('red'),
    warn: as('yellow'),
    busy: as('cyan'),
  };
}

const meanings: Readonly<Record<string, keyof Style>> = {
  succeeded: 'good',
  done: 'good',
  active: 'good',
  ok: 'good',
  dead: 'bad',
  stopped: 'bad',
  fault: 'bad',
  cancelled: 'dim',
  aborted: 'dim',
  undone: 'dim',
  running: 'busy',
  queued: 'busy',
  undoing: 'busy',
  paused: 'warn',
  undeclared: 'warn',
  warning: 'warn',
};

/** A state in the colour of its meaning. */
export function stateIn(style: Style, state: string): string {
  const meaning = meanings[state];
  return meaning ? style[meaning](state) : state;
}
