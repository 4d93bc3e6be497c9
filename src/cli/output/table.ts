/** Tables for people: aligned columns that fit the terminal. */
import type { Terminal } from '../terminal.ts';
import { type Style, styleOf } from './style.ts';
import { cut, oneLine, pad, widthOf } from './width.ts';

export interface Column<T> {
  title: string;
  of(row: T): string | number | null | undefined;
  /** Numbers stand at the right. */
  right?: boolean;
  /** May be cut down to this many columns where room is short; absent: never cut. */
  least?: number;
  /** Left out where room is short, the highest number first. */
  spare?: number;
  /** Colours a cell after it was measured. */
  style?(text: string, style: Style, row: T): string;
}

const gap = '  ';

/** Lines of a table with its head. Cells that hold nothing show as `-`. */
export function tableOf<T>(rows: readonly T[], all: readonly Column<T>[], terminal: Terminal): string {
  const style = styleOf(terminal);
  const cells = (column: Column<T>) => [column.title, ...rows.map((row) => textOf(column.of(row)))];
  const columns = fitting(
    all.map((column) => ({ column, texts: cells(column) })).map((one) => ({ ...one, width: widest(one.texts) })),
    terminal.columns,
  );
  const lineOf = (index: number) =>
    columns
      .map(({ column, texts, width }, at) => {
        const text = cut(texts[index] ?? '', width);
        const row = rows[index - 1];
        const shown = row === undefined ? style.dim(text) : (column.style?.(text, style, row) ?? text);
        return at === columns.length - 1 && !column.right ? shown : pad(shown, width, column.right);
      })
      .join(gap)
      .trimEnd();
  return `${[0, ...rows.map((_row, index) => index + 1)].map(lineOf).join('\n')}\n`;
}

function textOf(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-';
  return oneLine(String(value));
}

const widest = (texts: readonly string[]) => Math.max(...texts.map(widthOf));

interface Measured<T> {
  column: Column<T>;
  texts: string[];
  width: number;
}

/** Leaves spare columns out and narrows others until the line fits; what still does not fit is left to the terminal. */
function fitting<T>(measured: Measured<T>[], room: number): Measured<T>[] {
  const total = (columns: readonly Measured<T>[]) =>
    columns.reduce((sum, { width }) => sum + width, gap.length * (columns.length - 1));
  const atLeast = ({ column, width }: Measured<T>) => Math.min(width, column.least ?? width);
  let columns = measured;
  const slim = () => columns.map((one) => ({ ...one, width: atLeast(one) }));
  while (total(slim()) > room) {
    const spare = Math.max(...columns.map(({ column }) => column.spare ?? 0));
    if (spare === 0) break;
    columns = columns.filter(({ column }) => (column.spare ?? 0) < spare);
  }
  let excess = total(columns) - room;
  for (const one of [...columns].sort((a, b) => b.width - a.width)) {
    if (excess <= 0) break;
    const taken = Math.min(excess, one.width - atLeast(one));
    columns = columns.map((same) => (same === one ? { ...one, width: one.width - taken } : same));
    excess -= taken;
  }
  return columns;
}

/** Names and values below each other, as one thing is shown. Entries without a value are left out. */
export function factsOf(
  facts: Readonly<Record<string, string | number | null | undefined>>,
  terminal: Terminal,
): string {
  const style = styleOf(terminal);
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined && value !== '');
  const width = widest(known.map(([name]) => name));
  return known.map(([name, value]) => `${style.dim(pad(name, width))}${gap}${value}\n`).join('');
}
