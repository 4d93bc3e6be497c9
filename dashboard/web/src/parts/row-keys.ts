/** Keys that go through the rows of the job list: `j` and `k` move, `x` ticks the row that has the focus. */
import { useEffect } from 'preact/hooks';
import { pageShortcuts, type Shortcut } from '../keys.ts';

/** The page that changes the ticked jobs; `state` is that of the list they were ticked in. */
export function chosenHref(chosen: ReadonlySet<string>, state: string | undefined): string {
  const search = new URLSearchParams({ ...(state && { state }), ids: [...chosen].join(',') });
  return `operations/new?${search}`;
}

/** Offers the keys while the list is open; without `toggle` nothing can be ticked. */
export function useRowKeys(toggle: ((id: string) => void) | undefined): void {
  useEffect(() => {
    const keys: Shortcut[] = [
      { keys: 'j', what: 'Next row', run: () => move(1) },
      { keys: 'k', what: 'Row before', run: () => move(-1) },
    ];
    const tick = () => {
      const id = focusedRow()?.dataset.job;
      if (id !== undefined) toggle?.(id);
    };
    pageShortcuts.value = toggle ? [...keys, { keys: 'x', what: 'Choose the row', run: tick }] : keys;
    return () => {
      pageShortcuts.value = [];
    };
  });
}

function focusedRow(): HTMLElement | undefined {
  return document.activeElement?.closest<HTMLElement>('tr[data-job]') ?? undefined;
}

function move(by: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('tr[data-job]')];
  const present = focusedRow();
  const next = present ? rows.indexOf(present) + by : by === 1 ? 0 : rows.length - 1;
  rows[next]?.querySelector<HTMLElement>('th a')?.focus();
}
